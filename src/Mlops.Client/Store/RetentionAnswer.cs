namespace Mlops.Client;

/// <summary>What retention dropped.</summary>
/// <param name="Records">How many records.</param>
/// <param name="Bytes">How much space on the disk, bytes.</param>
/// <param name="Held">What was due but is still needed.</param>
public sealed record RetentionAnswer(long Records, long Bytes, IReadOnlyList<HeldPart> Held);
