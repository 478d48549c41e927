using System.Threading.Tasks.Sources;

namespace Mlops.Mqtt.Transport;

/// <summary>An auto-reset event for one waiter that allocates nothing.</summary>
internal sealed class AsyncSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> core;
    private int state;

    public void Set()
    {
        if (Interlocked.Exchange(ref state, Signalled) == Waiting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Completes at the next <see cref="Set"/>, or at once if there was one since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        core.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) == Idle)
            return new ValueTask(this, core.Version);
        Interlocked.Exchange(ref state, Idle);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the waiter on the thread pool; asking the core for that would allocate a work item each time.</summary>
    void IThreadPoolWorkItem.Execute() => core.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        core.GetResult(token);
        // A full fence: whoever sets the signal after this finds a waiter that looks at its queue after this too.
        Interlocked.Exchange(ref state, Idle);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
