namespace Mlops.Mqtt.Broker.Statistics;

/// <summary>How often something happens in a minute, averaged over about 1, 5 and 15 minutes; not thread-safe.</summary>
/// <remarks>Exponentially weighted, as load averages of operating systems are: what is older than the time counts a third.</remarks>
internal sealed class LoadAverage(string topic, Func<long> total)
{
    private static readonly int[] Minutes = [1, 5, 15];

    private readonly double[] rates = new double[Minutes.Length];
    private long before = total();

    /// <summary>Takes what has happened since the last time into account.</summary>
    public void Update(TimeSpan since)
    {
        long now = total();
        double rate = (now - before) / since.TotalMinutes;
        before = now;
        for (int i = 0; i < rates.Length; i++)
            rates[i] = rate + (Math.Exp(-since.TotalMinutes / Minutes[i]) * (rates[i] - rate));
    }

    /// <summary>Gives a topic and a value for each time.</summary>
    public IEnumerable<(string Topic, double Rate)> All() => Minutes.Select((minutes, i) => ($"{topic}/{minutes}min", rates[i]));
}
