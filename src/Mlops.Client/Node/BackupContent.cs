namespace Mlops.Client;

/// <summary>What a backup holds, after every byte was compared with its checksum.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">The moment whose state it holds.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How much they hold, bytes.</param>
public sealed record BackupContent(string Name, DateTimeOffset Created, int Files, long Bytes);
