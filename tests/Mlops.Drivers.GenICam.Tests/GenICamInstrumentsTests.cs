using System.Diagnostics.Metrics;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;

namespace Mlops.Drivers.GenICam.Tests;

public sealed class GenICamInstrumentsTests : IDisposable
{
    private readonly GenICamInstruments _instruments = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _seen = [];

    public GenICamInstrumentsTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == GenICamInstruments.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public void Observe_OverConnections_AddsUpAndForgetsWhatHasEnded()
    {
        var counters = new FrameCounters("camera of this test");
        _instruments.Add(counters);
        counters.Observe(new StreamStatistics(100, 1, 2, 3, 4) { Missed = 5 }, TimeSpan.Zero);
        counters.Observe(new StreamStatistics(150, 1, 2, 3, 4) { Missed = 5 }, TimeSpan.FromSeconds(2));
        Read()[GenICamInstruments.Rate].ShouldBe(25);
        counters.EndStream();
        counters.Observe(new StreamStatistics(10, 10, 10, 10, 10) { Missed = 10 }, TimeSpan.Zero);
        counters.CountStored();
        counters.CountSkipped();
        counters.CountLate();
        counters.CountFailed();
        counters.CountLost();

        Read().ShouldBe(
            new Dictionary<string, double>
            {
                ["mlops.genicam.frames.completed"] = 160,
                ["mlops.genicam.frames.incomplete"] = 11,
                ["mlops.genicam.frames.starved"] = 12,
                ["mlops.genicam.frames.missed"] = 15,
                ["mlops.genicam.packets.resent"] = 13,
                ["mlops.genicam.packets.missing"] = 14,
                ["mlops.genicam.frames.stored"] = 1,
                ["mlops.genicam.frames.skipped"] = 1,
                ["mlops.genicam.frames.late"] = 1,
                ["mlops.genicam.frames.failed"] = 1,
                ["mlops.genicam.frames.lost"] = 1,
                ["mlops.genicam.frame.rate"] = 0,
            },
            ignoreOrder: true);
        _instruments.Remove(counters);
        Read().ShouldBeEmpty();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _instruments.Dispose();
    }

    private Dictionary<string, double> Read()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return _seen;
    }

    // Other tests of the process have cameras, too.
    private void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.ToArray().Contains(new("asset", "camera of this test")))
            _seen[instrument.Name] = value;
    }
}
