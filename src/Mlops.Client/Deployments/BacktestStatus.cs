namespace Mlops.Client;

/// <summary>A backtest as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Progress">How far it is, 0 to 1.</param>
/// <param name="Records">How many records were read.</param>
/// <param name="Labelled">How many of them have a label.</param>
/// <param name="Results">The results: of the model, then of the one it is compared with.</param>
/// <param name="Created">When it was asked for.</param>
/// <param name="WithoutLabels">Why there are no labels, when there are none.</param>
/// <param name="Agreement">How the models' answers compare with each other.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Ended">When it ended.</param>
public sealed record BacktestStatus(
    string Id,
    string State,
    BacktestStart Request,
    double Progress,
    long Records,
    long Labelled,
    IReadOnlyList<BacktestModelResult> Results,
    DateTimeOffset Created,
    string? WithoutLabels = null,
    AnswerFiguresDetails? Agreement = null,
    string? Reason = null,
    DateTimeOffset? Ended = null);
