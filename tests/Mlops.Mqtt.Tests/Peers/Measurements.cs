using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>Listens to the instruments of one broker or client, told apart from others in this process by a tag.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly (string Key, string Value) mine;
    private readonly ConcurrentDictionary<string, double> values = new();
    private readonly ConcurrentDictionary<string, string?> units = new();

    public Measurements(string meter, string tag, object value)
    {
        mine = (tag, $"{value}");
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name != meter)
                return;
            units[instrument.Name] = instrument.Unit;
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, amount, tags, _) => Take(instrument, amount, tags));
        listener.SetMeasurementEventCallback<double>((instrument, amount, tags, _) => Take(instrument, amount, tags));
        listener.Start();
    }

    /// <summary>Gets the names of the instruments with their units.</summary>
    public IReadOnlyDictionary<string, string?> Units => units;

    /// <summary>Gets the tags that were seen, without the one of this broker or client.</summary>
    public ConcurrentBag<string> Tags { get; } = [];

    /// <summary>Asks for the value of an instrument now; of a histogram, how often it was recorded.</summary>
    /// <param name="name">The instrument.</param>
    /// <param name="tags">The further tags, as <c>key=value</c>.</param>
    public double this[string name, params string[] tags]
    {
        get
        {
            listener.RecordObservableInstruments();
            return values.GetValueOrDefault(Key(name, tags));
        }
    }

    public void Dispose() => listener.Dispose();

    private static string Key(string name, IEnumerable<string> tags) => $"{name} {string.Join(' ', tags.Order())}";

    private void Take(Instrument instrument, double amount, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => $"{tag.Value}");
        if (all.GetValueOrDefault(mine.Key) != mine.Value)
            return;
        all.Remove(mine.Key);
        foreach (var (key, _) in all)
            Tags.Add(key);
        string name = Key(instrument.Name, all.Select(tag => $"{tag.Key}={tag.Value}"));
        if (instrument is Histogram<double>)
            values.AddOrUpdate(name, 1, (_, before) => before + 1);
        else
            values[name] = amount;
    }
}
