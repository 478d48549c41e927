using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Mlops.Store;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>What the store of this process has done so far, by the names of its counters.</summary>
internal sealed class StoreWork : IDisposable
{
    private readonly MeterListener _listener = new();

    public StoreWork()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StoreInstruments.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    public ConcurrentDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public void Dispose() => _listener.Dispose();
}
