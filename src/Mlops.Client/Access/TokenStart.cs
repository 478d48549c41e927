namespace Mlops.Client;

/// <summary>Asks for an API token.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Role">What its bearer may do.</param>
/// <param name="ExpiresInDays">How long it is valid, days; <see langword="null"/> for ever.</param>
public sealed record TokenStart(string Name, string Role, double? ExpiresInDays = 90);
