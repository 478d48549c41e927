namespace Mlops.Client;

/// <summary>A backup of a node.</summary>
/// <param name="Name">Its name, by which it is fetched and deleted.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Bytes">Its size, bytes.</param>
public sealed record BackupDetails(string Name, DateTimeOffset Created, long Bytes);
