using System.Threading.Tasks.Sources;

namespace Mlops.Mqtt.Transport;

/// <summary>An auto-reset event for one waiter that allocates nothing.</summary>
/// <param name="isWriteLoop">Whether the waiter may run on the thread of a read loop, see <see cref="DeferredWrites"/>.</param>
internal sealed class AsyncSignal(bool isWriteLoop = false) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> core;
    private int state;

    public void Set()
    {
        if (Interlocked.Exchange(ref state, Signalled) == Waiting && !(isWriteLoop && DeferredWrites.TryAdd(this)))
            RunOnPool();
    }

    /// <summary>Runs the waiter, which has been woken, on this thread.</summary>
    public void Run() => core.SetResult(true);

    /// <summary>Runs the waiter, which has been woken, on the thread pool; asking the core for that would allocate a work item each time.</summary>
    public void RunOnPool() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Completes at the next <see cref="Set"/>, or at once if there was one since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        core.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) == Idle)
            return new ValueTask(this, core.Version);
        Interlocked.Exchange(ref state, Idle);
        return ValueTask.CompletedTask;
    }

    void IThreadPoolWorkItem.Execute() => Run();

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
