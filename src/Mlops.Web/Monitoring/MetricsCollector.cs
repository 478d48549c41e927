using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Mlops.Web.Monitoring;

/// <summary>
/// Listens to the instruments of the framework and of the .NET runtime from the start of the node, and writes what they have said.
/// The number of series is bounded: tags of hostile or endless values must not fill the memory.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    private const int MaxSeries = 10_000;
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = new();
    private readonly MeterListener _listener = new();
    private int _series;
    private long _left;

    public MetricsCollector()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Mlops.", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime")
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, _ => new ConcurrentDictionary<string, Series>(StringComparer.Ordinal)));
        };
        // Names of a meter that is gone, for example that of a node in another test, end with it.
        _listener.MeasurementsCompleted = (instrument, state) => _instruments.TryRemove(instrument, out ConcurrentDictionary<string, Series>? _);
        _listener.SetMeasurementEventCallback<byte>((i, v, t, s) => Take(i, v, t, s));
        _listener.SetMeasurementEventCallback<short>((i, v, t, s) => Take(i, v, t, s));
        _listener.SetMeasurementEventCallback<int>((i, v, t, s) => Take(i, v, t, s));
        _listener.SetMeasurementEventCallback<long>((i, v, t, s) => Take(i, v, t, s));
        _listener.SetMeasurementEventCallback<float>((i, v, t, s) => Take(i, v, t, s));
        _listener.SetMeasurementEventCallback<double>((i, v, t, s) => Take(i, v, t, s));
        _listener.SetMeasurementEventCallback<decimal>((i, v, t, s) => Take(i, (double)v, t, s));
        _listener.Start();
    }

    public byte[] Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(16 * 1024);
        foreach (IGrouping<string, KeyValuePair<Instrument, ConcurrentDictionary<string, Series>>> group in _instruments
            .Where(i => !i.Value.IsEmpty)
            .GroupBy(i => PrometheusText.Name(i.Key.Name, i.Key.Unit, IsCounter(i.Key)), StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Instrument instrument = group.First().Key;
            if (instrument.Description is { Length: > 0 } description)
                text.Append("# HELP ").Append(group.Key).Append(' ').Append(PrometheusText.Escape(description)).Append('\n');
            text.Append("# TYPE ").Append(group.Key).Append(IsHistogram(instrument) ? " histogram\n" : IsCounter(instrument) ? " counter\n" : " gauge\n");
            foreach ((string labels, Series series) in group.SelectMany(i => i.Value).DistinctBy(s => s.Key).OrderBy(s => s.Key, StringComparer.Ordinal))
                series.Write(text, group.Key, labels);
        }

        text.Append("# TYPE mlops_metrics_left_out_total counter\nmlops_metrics_left_out_total ").Append(Interlocked.Read(ref _left)).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var all = (ConcurrentDictionary<string, Series>)state!;
        string labels = PrometheusText.Labels(tags);
        if (!all.TryGetValue(labels, out Series? series))
        {
            if (Interlocked.Increment(ref _series) > MaxSeries)
            {
                Interlocked.Decrement(ref _series);
                Interlocked.Increment(ref _left);
                return;
            }

            series = all.GetOrAdd(labels, _ => Series.For(instrument));
        }

        series.Take(value);
    }

    internal static bool IsHistogram(Instrument instrument) => instrument.GetType().Name.StartsWith("Histogram`", StringComparison.Ordinal);

    internal static bool IsCounter(Instrument instrument) =>
        instrument.GetType().Name is var name && (name.StartsWith("Counter`", StringComparison.Ordinal) || name.StartsWith("ObservableCounter`", StringComparison.Ordinal));
}
