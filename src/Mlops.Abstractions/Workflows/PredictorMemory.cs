namespace Mlops.Workflows;

/// <summary>How much memory a loaded model holds.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Method">How they were measured, in words: what is counted and what is not.</param>
public sealed record PredictorMemory(long Bytes, string Method);
