namespace Mlops.Prediction.Retraining;

/// <summary>A trigger as the database remembers it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What it asks for.</param>
/// <param name="Enabled">Whether it may fire.</param>
/// <param name="Created">When it was added.</param>
internal sealed record TriggerRecord(string Id, TriggerRequest Request, bool Enabled, DateTimeOffset Created)
{
    /// <summary>Gets when its schedule falls due next.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Gets when it last fired.</summary>
    public DateTimeOffset? Fired { get; init; }

    /// <summary>Gets what counts as new from here on.</summary>
    public LabelMark Mark { get; init; } = new(0, 0);

    /// <summary>Gets since when limits are passed, by condition and model.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Held { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>Gets until when it does not fire by itself.</summary>
    public DateTimeOffset? CoolsUntil => Fired + Request.CoolDown;
}
