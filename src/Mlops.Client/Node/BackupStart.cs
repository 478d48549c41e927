namespace Mlops.Client;

/// <summary>Asks for a backup.</summary>
/// <param name="Name">Its name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; the time where nothing is said.</param>
public sealed record BackupStart(string? Name = null);
