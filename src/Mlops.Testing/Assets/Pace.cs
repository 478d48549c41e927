namespace Mlops.Testing.Assets;

/// <summary>Keeps a rate over time: a late record does not make the ones after it late. Without a rate it never waits.</summary>
internal sealed class Pace(double? perSecond, TimeProvider time)
{
    // Shorter waits cannot be kept by timers; records due within one are published together.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(0.5);

    private readonly long _began = time.GetTimestamp();
    private long _passed;

    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (perSecond is not { } rate)
            return ValueTask.CompletedTask;
        var wait = TimeSpan.FromSeconds(_passed++ / rate) - time.GetElapsedTime(_began);
        return wait < ShortestWait ? ValueTask.CompletedTask : new ValueTask(Task.Delay(wait, time, cancellationToken));
    }
}
