using System.Diagnostics;

namespace Mlops.Runtime.Workers;

/// <summary>
/// Slows the reading of what a worker prints: a mebibyte at once, 16 a second in the long run. Code that prints without end would
/// otherwise keep the host busy with lines that nobody gets to see; so it waits until it can print on. Thread-safe.
/// </summary>
internal sealed class OutputPace
{
    private const double Burst = 1 << 20;
    private const double PerSecond = 16 << 20;
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(20);
    private readonly Lock _gate = new();
    private double _left = Burst;
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Counts what was read, and returns when reading may go on.</summary>
    public ValueTask TakeAsync(int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _left = Math.Min(Burst, _left + (Stopwatch.GetElapsedTime(_since, now).TotalSeconds * PerSecond)) - count;
            _since = now;
            return _left >= 0 ? ValueTask.CompletedTask : new ValueTask(Task.Delay(s_rest, cancellationToken));
        }
    }
}
