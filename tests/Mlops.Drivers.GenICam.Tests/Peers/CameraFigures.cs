using System.Diagnostics.Metrics;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>What the meter of one node says of its camera: other tests of the process have cameras, too.</summary>
internal sealed class CameraFigures : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _seen = [];

    public CameraFigures(CameraNode node)
    {
        var factory = node.Get<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GenICamInstruments.MeterName && instrument.Meter.Scope == factory)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _seen[instrument.Name] = value);
        _listener.Start();
    }

    public Dictionary<string, long> Read()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return new Dictionary<string, long>(_seen);
    }

    public void Dispose() => _listener.Dispose();
}
