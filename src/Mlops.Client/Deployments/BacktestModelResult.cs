namespace Mlops.Client;

/// <summary>How one model did.</summary>
/// <param name="Model">The model.</param>
/// <param name="Figures">How its answers compare with labels.</param>
/// <param name="Answered">How many records it answered.</param>
/// <param name="Failed">How many it failed on.</param>
/// <param name="ComputeMs">Time of its calls, milliseconds for a record.</param>
/// <param name="Importance">How much the answers depend on each input, the most important first; only when it was asked for.</param>
public sealed record BacktestModelResult(
    string Model,
    AnswerFiguresDetails Figures,
    long Answered,
    long Failed,
    double ComputeMs,
    IReadOnlyList<InputImportance>? Importance = null);
