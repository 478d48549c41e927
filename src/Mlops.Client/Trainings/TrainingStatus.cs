namespace Mlops.Client;

/// <summary>A training as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Version">The workflow's version.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">How far it is, 0 to 1.</param>
/// <param name="Metrics">The final values of the metrics that its code reported.</param>
/// <param name="Created">When it was queued.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="ProgressText">What it is doing.</param>
/// <param name="Measurements">What it took; <see langword="null"/> until it has ended.</param>
/// <param name="Model">The model it produced.</param>
/// <param name="Reason">Why it failed, with the code's traceback.</param>
/// <param name="Started">When work on it began.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Author">Who wanted it.</param>
public sealed record TrainingStatus(
    string Id,
    string Workflow,
    string Version,
    string State,
    double Progress,
    IReadOnlyDictionary<string, double> Metrics,
    DateTimeOffset Created,
    TrainingStart Request,
    string? ProgressText = null,
    RunFigures? Measurements = null,
    string? Model = null,
    string? Reason = null,
    DateTimeOffset? Started = null,
    DateTimeOffset? Ended = null,
    string? Author = null);
