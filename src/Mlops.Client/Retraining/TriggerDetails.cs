namespace Mlops.Client;

/// <summary>A trigger of retrainings as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What it asks for.</param>
/// <param name="Enabled">Whether it may fire.</param>
/// <param name="Created">When it was added.</param>
/// <param name="Conditions">How its conditions stand.</param>
/// <param name="Due">When its schedule falls due next.</param>
/// <param name="Fired">When it last fired.</param>
/// <param name="CoolsUntil">Until when it does not fire by itself.</param>
/// <param name="Problem">What keeps it from firing.</param>
/// <param name="Last">Its newest retraining.</param>
public sealed record TriggerDetails(
    string Id,
    TriggerBody Request,
    bool Enabled,
    DateTimeOffset Created,
    IReadOnlyList<ConditionDetails> Conditions,
    DateTimeOffset? Due = null,
    DateTimeOffset? Fired = null,
    DateTimeOffset? CoolsUntil = null,
    string? Problem = null,
    RetrainingDetails? Last = null);
