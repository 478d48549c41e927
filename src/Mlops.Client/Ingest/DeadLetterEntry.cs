namespace Mlops.Client;

/// <summary>A message that could not be understood.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When it came.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Reason">Why it was put aside.</param>
/// <param name="Bytes">How long it was, bytes.</param>
/// <param name="Whole">Whether all of it was kept.</param>
/// <param name="Text">The payload, when it is text.</param>
/// <param name="Base64">The payload in base64, when it is not.</param>
public sealed record DeadLetterEntry(
    string Id,
    DateTimeOffset Time,
    string Topic,
    string Reason,
    int Bytes,
    bool Whole,
    string? Text = null,
    string? Base64 = null);
