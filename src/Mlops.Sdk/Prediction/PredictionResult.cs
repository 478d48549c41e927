namespace Mlops.Prediction;

/// <summary>One answer.</summary>
/// <param name="Source">The record that was answered.</param>
/// <param name="Values">The answer: <c>label</c> and <c>score</c>, or the workflow's fields.</param>
/// <param name="Model">Id of the model.</param>
/// <param name="IngestMs">Milliseconds from the record's bytes read at the socket to the predictor called; null when it came from the store.</param>
/// <param name="ComputeMs">Milliseconds of the batch call it was part of.</param>
/// <param name="PublishedAt">
/// When the broker had taken it; <see langword="null"/> while it has not, when it was too old, and for all but the newest 1,000 answers
/// that were published since the host started: the time is not kept on disk.
/// </param>
public sealed record PredictionResult(
    PredictionSource Source,
    IReadOnlyDictionary<string, object?> Values,
    string Model,
    double? IngestMs,
    double ComputeMs,
    DateTimeOffset? PublishedAt = null);
