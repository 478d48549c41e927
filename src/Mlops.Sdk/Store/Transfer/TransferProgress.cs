namespace Mlops.Store.Transfer;

/// <summary>How far an import or export is.</summary>
/// <param name="Records">How many records are durable, or written.</param>
/// <param name="Rejected">How many lines were not taken.</param>
public sealed record TransferProgress(long Records, long Rejected);
