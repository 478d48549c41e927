namespace Mlops.Client;

/// <summary>One firing of a trigger and all that follows from it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Trigger">The trigger.</param>
/// <param name="State"><c>training</c>, <c>backtesting</c>, <c>awaitingApproval</c>, <c>releasing</c>, <c>succeeded</c>, <c>declined</c>, <c>rejected</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Ended">Whether nothing more will happen to it.</param>
/// <param name="Reasons">Why the trigger fired.</param>
/// <param name="Fired">When the trigger fired.</param>
/// <param name="Attempts">How many trainings were begun for it.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Author">Who made it fire; <see langword="null"/> when its conditions did.</param>
/// <param name="Training">The training.</param>
/// <param name="Model">The new model.</param>
/// <param name="Backtest">The backtest.</param>
/// <param name="Passed">Whether the backtest found the model no worse than production.</param>
/// <param name="Verdict">What the backtest found, in words.</param>
/// <param name="DecidedBy">Who approved the model or turned it down.</param>
/// <param name="Reason">Why it failed or was turned down.</param>
public sealed record RetrainingDetails(
    string Id,
    string Trigger,
    string State,
    bool Ended,
    IReadOnlyList<string> Reasons,
    DateTimeOffset Fired,
    int Attempts,
    DateTimeOffset? EndedAt = null,
    string? Author = null,
    string? Training = null,
    string? Model = null,
    string? Backtest = null,
    bool? Passed = null,
    string? Verdict = null,
    string? DecidedBy = null,
    string? Reason = null);
