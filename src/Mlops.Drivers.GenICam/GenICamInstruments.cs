using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Mlops.Drivers.GenICam.Driver;

namespace Mlops.Drivers.GenICam;

/// <summary>What cameras do, as a meter. Every instrument has the tag <c>asset</c>; a driver that is created anew counts from 0 again.</summary>
internal sealed class GenICamInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Drivers.GenICam";

    /// <summary>Frames that came whole. Unit: frames.</summary>
    public const string Completed = "mlops.genicam.frames.completed";

    /// <summary>Frames of which something was missing; they make no record. Unit: frames.</summary>
    public const string Incomplete = "mlops.genicam.frames.incomplete";

    /// <summary>Frames for which there was no free buffer. Unit: frames.</summary>
    public const string Starved = "mlops.genicam.frames.starved";

    /// <summary>Frames of which nothing came, by the camera's numbers. Unit: frames.</summary>
    public const string Missed = "mlops.genicam.frames.missed";

    /// <summary>Frames that have no record, because the store takes none. Unit: frames.</summary>
    public const string Lost = "mlops.genicam.frames.lost";

    /// <summary>Frames a second that came whole, over the last second. Unit: frames a second.</summary>
    public const string Rate = "mlops.genicam.frame.rate";

    /// <summary>Packets that were asked for again and came. Unit: packets.</summary>
    public const string Resent = "mlops.genicam.packets.resent";

    /// <summary>Packets that never came. Unit: packets.</summary>
    public const string Missing = "mlops.genicam.packets.missing";

    /// <summary>Frames that were stored. Unit: frames.</summary>
    public const string Stored = "mlops.genicam.frames.stored";

    /// <summary>Frames that should have been stored and were not, because storing was behind. Unit: frames.</summary>
    public const string Skipped = "mlops.genicam.frames.skipped";

    /// <summary>Frames that a prediction asked for when they had left the memory. Unit: frames.</summary>
    public const string Late = "mlops.genicam.frames.late";

    /// <summary>Frames that could not be stored. Unit: frames.</summary>
    public const string Failed = "mlops.genicam.frames.failed";

    private readonly ConcurrentDictionary<FrameCounters, bool> _assets = [];
    private readonly Meter _meter;

    public GenICamInstruments(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        Count(Completed, "{frame}", "Frames that came whole.", c => c.Stream.Completed);
        Count(Incomplete, "{frame}", "Frames of which something was missing.", c => c.Stream.Incomplete);
        Count(Starved, "{frame}", "Frames for which there was no free buffer.", c => c.Stream.Starved);
        Count(Missed, "{frame}", "Frames of which nothing came, by the camera's numbers.", c => c.Stream.Missed);
        Count(Lost, "{frame}", "Frames that have no record, because the store takes none.", c => c.Lost);
        Count(Resent, "{packet}", "Packets that were asked for again and came.", c => c.Stream.ResentPackets);
        Count(Missing, "{packet}", "Packets that never came.", c => c.Stream.MissingPackets);
        Count(Stored, "{frame}", "Frames that were stored.", c => c.Stored);
        Count(Skipped, "{frame}", "Frames that were not stored because storing was behind.", c => c.Skipped);
        Count(Late, "{frame}", "Frames that a prediction asked for when they had left the memory.", c => c.Late);
        Count(Failed, "{frame}", "Frames that could not be stored.", c => c.Failed);
        _meter.CreateObservableGauge(Rate, () => Measure(c => c.Rate), "{frame}/s", "Frames a second that came whole.");
    }

    public void Add(FrameCounters counters) => _assets[counters] = true;

    public void Remove(FrameCounters counters) => _assets.TryRemove(counters, out _);

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<FrameCounters, long> figure) =>
        _meter.CreateObservableCounter(name, () => Measure(figure), unit, description);

    private IEnumerable<Measurement<T>> Measure<T>(Func<FrameCounters, T> figure)
        where T : struct => _assets.Keys.Select(c => new Measurement<T>(figure(c), new KeyValuePair<string, object?>("asset", c.Asset)));
}
