using System.Diagnostics.Metrics;
using Mlops.Store;

namespace Mlops.Tests.Store.Tail;

/// <summary>Counts how often followers of a feed were sent to the store.</summary>
internal sealed class FallenBehindCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public FallenBehindCounter(string feed)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StoreInstruments.MeterName && instrument.Name == StoreInstruments.FallenBehindName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "feed" && Equals(tag.Value, feed))
                    Interlocked.Add(ref _count, value);
            }
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
