namespace Mlops.Client;

/// <summary>A data folder that was made of a backup.</summary>
/// <param name="Folder">The folder on the node's machine; start a node with <c>Mlops:DataFolder</c> set to it.</param>
/// <param name="Created">The moment whose state it holds.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How much they hold, bytes.</param>
public sealed record BackupRestored(string Folder, DateTimeOffset Created, int Files, long Bytes);
