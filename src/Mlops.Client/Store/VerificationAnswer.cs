namespace Mlops.Client;

/// <summary>What a verification of the store read and found.</summary>
/// <param name="Files">How many Parquet files were read.</param>
/// <param name="LogRows">How many rows of the log were read.</param>
/// <param name="Bytes">How much was read.</param>
/// <param name="Damaged">What it set aside.</param>
public sealed record VerificationAnswer(int Files, int LogRows, long Bytes, IReadOnlyList<DamagedPart> Damaged);
