using Microsoft.Extensions.Options;

namespace Mlops.Metrics;

/// <summary>Samples the process tree while somebody measures, and shares each sample among all measurements.</summary>
internal sealed class RunMeter(EnergyMeter energy, IOptions<MetricsOptions> options, TimeProvider time) : IRunMeter, IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly List<Measurement> _running = [];
    private readonly ProcessTree _tree = new(time);
    private ITimer? _timer;
    private long _sampled;
    private double _processorSeconds;
    private long _windowStart;
    private double _windowProcessorSeconds;

    public IRunMeasurement Begin()
    {
        var measurement = new Measurement(this, energy.Method, time);
        lock (_gate)
        {
            if (_running.Count == 0)
            {
                _sampled = _windowStart = time.GetTimestamp();
                (long bytes, _processorSeconds) = _tree.Read();
                _windowProcessorSeconds = _processorSeconds;
                energy.Measure(0, 0); // Counters start from here.
                measurement.Add(bytes, 0);
                _timer ??= time.CreateTimer(static meter => ((RunMeter)meter!).Sample(), this, options.Value.SampleInterval, options.Value.SampleInterval);
                _timer.Change(options.Value.SampleInterval, options.Value.SampleInterval);
            }

            _running.Add(measurement);
        }

        return measurement;
    }

    public void Dispose()
    {
        lock (_gate)
            _timer?.Dispose();
    }

    private void Sample()
    {
        lock (_gate)
        {
            if (_running.Count == 0)
                return;
            (long bytes, double processorSeconds) = _tree.Read();
            double wattHours = energy.Measure(time.GetElapsedTime(_sampled).TotalSeconds, processorSeconds - _processorSeconds);
            _sampled = time.GetTimestamp();
            _processorSeconds = processorSeconds;
            double? percent = null;
            TimeSpan window = time.GetElapsedTime(_windowStart);
            if (window >= Window)
            {
                percent = 100 * (processorSeconds - _windowProcessorSeconds) / window.TotalSeconds;
                _windowStart = _sampled;
                _windowProcessorSeconds = processorSeconds;
            }

            foreach (Measurement measurement in _running)
            {
                measurement.Add(bytes, wattHours);
                if (percent is { } p)
                    measurement.AddWindow(p);
            }
        }
    }

    private void End(Measurement measurement)
    {
        lock (_gate)
        {
            if (_running.Remove(measurement) && _running.Count == 0)
                _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Measurement(RunMeter meter, string method, TimeProvider time) : IRunMeasurement
    {
        private readonly long _start = time.GetTimestamp();
        private long _peakBytes;
        private double _peakPercent;
        private double _wattHours;

        public void Add(long bytes, double wattHours)
        {
            _peakBytes = Math.Max(_peakBytes, bytes);
            _wattHours += wattHours;
        }

        public void AddWindow(double percent) => _peakPercent = Math.Max(_peakPercent, percent);

        public RunMeasurements Snapshot(IReadOnlyDictionary<string, double>? phases)
        {
            meter.Sample();
            lock (meter._gate)
            {
                return new RunMeasurements
                {
                    Seconds = time.GetElapsedTime(_start).TotalSeconds,
                    Phases = phases ?? new Dictionary<string, double>(),
                    PeakMemoryMiB = _peakBytes / 1048576.0,
                    PeakCpuPercent = _peakPercent,
                    EnergyWh = _wattHours,
                    EnergyMethod = method,
                };
            }
        }

        public void Dispose() => meter.End(this);
    }
}
