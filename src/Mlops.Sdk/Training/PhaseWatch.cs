using Mlops.Metrics;

namespace Mlops.Training;

/// <summary>Times the parts of a training, from queued to model stored.</summary>
internal sealed class PhaseWatch
{
    private readonly TimeProvider _clock;
    private readonly double _queued;
    private readonly long _begin;
    private readonly Dictionary<string, double> _phases = new(StringComparer.Ordinal);
    private long _last;

    public PhaseWatch(TimeProvider clock, TimeSpan queued)
    {
        _clock = clock;
        _queued = Math.Max(0, queued.TotalSeconds);
        _begin = _last = clock.GetTimestamp();
        _phases["queued"] = _queued;
    }

    /// <summary>Gets the time since the training was queued, seconds.</summary>
    public double Seconds => _queued + _clock.GetElapsedTime(_begin).TotalSeconds;

    /// <summary>Ends a part; the next one begins. Where the part was timed by whoever did it, its own parts stand for it.</summary>
    public void End(string phase, IReadOnlyDictionary<string, double>? parts = null)
    {
        long now = _clock.GetTimestamp();
        if (parts is null or { Count: 0 })
            parts = new Dictionary<string, double> { [phase] = _clock.GetElapsedTime(_last, now).TotalSeconds };
        foreach ((string name, double seconds) in parts)
            _phases[name] = _phases.GetValueOrDefault(name) + seconds;
        _last = now;
    }

    /// <summary>Returns what the run took so far; its memory, processor and energy are counted from when it began.</summary>
    public RunMeasurements Measured(IRunMeasurement measurement)
    {
        var phases = new Dictionary<string, double>(_phases, StringComparer.Ordinal);
        return measurement.Snapshot(phases) with { Seconds = Seconds, Phases = phases };
    }
}
