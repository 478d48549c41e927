namespace Mlops.Client;

/// <summary>How much memory a loaded model holds.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Method">How they were measured, in words.</param>
public sealed record ModelMemory(long Bytes, string Method);
