namespace Mlops.Ingest;

/// <summary>A message that could not be understood and was put aside.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When it was put aside.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Reason">Why.</param>
/// <param name="Bytes">How long its payload was.</param>
/// <param name="Payload">Its payload, up to the bound of <see cref="DeadLetterOptions.MaxPayloadBytes"/>.</param>
public sealed record DeadLetterInfo(string Id, DateTimeOffset Time, string Topic, string Reason, int Bytes, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Gets the kind of the reason; <see langword="null"/> for a letter of an earlier version.</summary>
    public DeadLetterCause? Cause { get; init; }

    /// <summary>Gets whose message it was, as in <see cref="DeadLetterCount.Source"/>; <see langword="null"/> for a letter of an earlier version.</summary>
    public string? Source { get; init; }

    /// <summary>Gets a value indicating whether all of the payload was kept.</summary>
    public bool IsWhole => Bytes == Payload.Length;
}
