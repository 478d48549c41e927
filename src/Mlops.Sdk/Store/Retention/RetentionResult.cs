namespace Mlops.Store;

/// <summary>What retention dropped.</summary>
/// <param name="Records">How many records.</param>
/// <param name="Bytes">How much space on the disk.</param>
/// <param name="Held">What was due but is still needed, with the reader that needs it.</param>
public sealed record RetentionResult(long Records, long Bytes, IReadOnlyList<HeldRecords> Held);
