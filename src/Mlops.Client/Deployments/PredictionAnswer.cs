using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>One answer.</summary>
/// <param name="Source">The record that was answered.</param>
/// <param name="Values">What was answered, by field.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="ComputeMs">Time of the model's call, milliseconds.</param>
/// <param name="IngestMs">Time from the socket to the model, milliseconds.</param>
/// <param name="PublishedAt">When the broker had taken it.</param>
public sealed record PredictionAnswer(
    RecordSource Source,
    JsonObject Values,
    string Model,
    double ComputeMs,
    double? IngestMs = null,
    DateTimeOffset? PublishedAt = null);
