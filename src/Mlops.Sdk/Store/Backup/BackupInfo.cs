namespace Mlops.Store;

/// <summary>What a backup holds.</summary>
/// <param name="Path">The folder or zip file.</param>
/// <param name="Created">The moment whose state it holds.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How much they hold.</param>
public sealed record BackupInfo(string Path, DateTimeOffset Created, int Files, long Bytes);
