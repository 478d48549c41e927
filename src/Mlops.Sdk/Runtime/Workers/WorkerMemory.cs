using System.Diagnostics;
using Mlops.Metrics;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>Measures the processes of one worker, when somebody asks and not more often than once a second. Thread-safe.</summary>
internal sealed class WorkerMemory(int process, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly ProcessTree _tree = new(time, process);
    private PredictorMemory? _last;
    private long _measured;

    public PredictorMemory Read()
    {
        lock (_gate)
        {
            if (_last is not null && Stopwatch.GetElapsedTime(_measured) < s_interval)
                return _last;
            (long bytes, bool isProportional) = _tree.ReadProportional();
            _measured = Stopwatch.GetTimestamp();
            return _last = new PredictorMemory(bytes, isProportional
                ? "proportional set size of the worker's processes"
                : "resident memory of the worker's processes, what they share counted several times");
        }
    }
}
