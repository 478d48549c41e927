namespace Mlops.Client;

/// <summary>A topic on which messages came while it was watched.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Messages">How many came.</param>
/// <param name="Last">When the last one came.</param>
/// <param name="Bytes">Length of the payload of the one that is shown.</param>
/// <param name="Whole">Whether all of it is shown, or only its beginning.</param>
/// <param name="Retained">Whether the broker had kept it.</param>
/// <param name="Text">A payload seen lately, when it is text.</param>
/// <param name="Base64">The same in base64, when it is not.</param>
public sealed record TopicDetails(
    string Topic,
    long Messages,
    DateTimeOffset Last,
    int Bytes,
    bool Whole,
    bool Retained = false,
    string? Text = null,
    string? Base64 = null);
