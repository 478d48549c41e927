namespace Mlops.Mqtt.Client;

/// <summary>Tells how long to wait before the next attempt: doubling, bounded, and varied so that many clients do not come at once.</summary>
internal sealed class ReconnectBackoff(TimeSpan first, TimeSpan longest)
{
    private int failures;

    public TimeSpan Next()
    {
        var delay = Limit(failures);
        failures++;
        return delay * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>Begins anew, if the connection lasted: one that breaks at once counts as a failure.</summary>
    public void Connected(TimeSpan lasted)
    {
        if (lasted > Limit(failures))
            failures = 0;
    }

    private TimeSpan Limit(int doublings)
    {
        double seconds = first.TotalSeconds * Math.Pow(2, Math.Min(doublings, 30));
        return seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
    }
}
