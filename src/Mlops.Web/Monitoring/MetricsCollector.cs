using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Mlops.Web.Monitoring;

/// <summary>
/// Listens to the instruments of the framework and of the .NET runtime from the start of the node, and writes what they have said.
/// Instruments of another host in the same process are not its own. The number of series is bounded: tags of hostile or endless
/// values must not fill the memory.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    public const int MaxSeries = 10_000;
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();
    private readonly MeterListener _listener = new();
    private readonly SeriesAllowance _allowance = new(MaxSeries);
    private readonly Lock _writing = new();

    public MetricsCollector(IMeterFactory? meters = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter, meters))
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, i => new InstrumentSeries(i, _allowance)));
        };
        // What a meter has said that is gone, ends with it.
        _listener.MeasurementsCompleted = (instrument, _) =>
        {
            if (_instruments.TryRemove(instrument, out InstrumentSeries? series))
                series.Clear();
        };
        _listener.SetMeasurementEventCallback<byte>((i, v, t, s) => ((InstrumentSeries)s!).Take(v, t));
        _listener.SetMeasurementEventCallback<short>((i, v, t, s) => ((InstrumentSeries)s!).Take(v, t));
        _listener.SetMeasurementEventCallback<int>((i, v, t, s) => ((InstrumentSeries)s!).Take(v, t));
        _listener.SetMeasurementEventCallback<long>((i, v, t, s) => ((InstrumentSeries)s!).Take(v, t));
        _listener.SetMeasurementEventCallback<float>((i, v, t, s) => ((InstrumentSeries)s!).Take(v, t));
        _listener.SetMeasurementEventCallback<double>((i, v, t, s) => ((InstrumentSeries)s!).Take(v, t));
        _listener.SetMeasurementEventCallback<decimal>((i, v, t, s) => ((InstrumentSeries)s!).Take((double)v, t));
        _listener.Start();
    }

    /// <summary>Gets how many series there are.</summary>
    public int Count => _allowance.Used;

    public byte[] Write()
    {
        lock (_writing)
        {
            // An observed instrument says all that there is: what it does not name any more is gone.
            foreach (InstrumentSeries observed in _instruments.Values.Where(i => i.Instrument.IsObservable))
                observed.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            foreach (IGrouping<string, InstrumentSeries> group in _instruments.Values
                .Where(i => !i.IsEmpty)
                .GroupBy(i => PrometheusText.Name(i.Instrument.Name, i.Instrument.Unit, i.IsCounter), StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                Write(text, group.Key, [.. group]);
            }

            text.Append("# TYPE mlops_metrics_left_out_total counter\nmlops_metrics_left_out_total ").Append(_allowance.LeftOut).Append('\n');
            return Encoding.UTF8.GetBytes(text.ToString());
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Write(StringBuilder text, string name, IReadOnlyList<InstrumentSeries> instruments)
    {
        InstrumentSeries first = instruments[0];
        if (first.Instrument.Description is { Length: > 0 } description)
            text.Append("# HELP ").Append(name).Append(' ').Append(PrometheusText.Escape(description)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(first.IsHistogram ? " histogram\n" : first.IsCounter ? " counter\n" : " gauge\n");
        // Two instruments of one name, say of a library that is loaded twice, must not give one series twice.
        foreach ((string labels, Series series) in instruments.SelectMany(i => i.All()).DistinctBy(s => s.Labels).OrderBy(s => s.Labels, StringComparer.Ordinal))
            series.Write(text, name, labels);
    }

    // A factory puts itself into the scope of its meters.
    private static bool IsOurs(Meter meter, IMeterFactory? meters) =>
        meter.Name == "System.Runtime" || (meter.Name.StartsWith("Mlops.", StringComparison.Ordinal) && (meter.Scope is null || meters is null || ReferenceEquals(meter.Scope, meters)));
}
