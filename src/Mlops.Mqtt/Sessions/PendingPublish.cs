using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Mlops.Mqtt.Sessions;

/// <summary>The task that a publisher awaits; reused, so that waiting for an acknowledgement allocates nothing.</summary>
internal sealed class PendingPublish : IValueTaskSource, IThreadPoolWorkItem
{
    private const int MaxPooled = 4096;

    private static readonly ConcurrentQueue<PendingPublish> Pool = new();
    private static int pooled;

    private ManualResetValueTaskSourceCore<bool> core;
    private Exception? failure;
    private CancellationTokenRegistration registration;
    private CancellationToken cancellation;
    private Action<TimeSpan>? whenAcknowledged;
    private long rentedAt;

    /// <summary>The version that is waited for, or <see cref="Finished"/>.</summary>
    private int open = Finished;

    private const int Finished = int.MinValue;

    public PublishCompletion Completion => new(this, core.Version);

    /// <param name="whenAcknowledged">Told how long the success took, or null.</param>
    public static PendingPublish Rent(Action<TimeSpan>? whenAcknowledged = null)
    {
        if (Pool.TryDequeue(out var pending))
            Interlocked.Decrement(ref pooled);
        else
            pending = new PendingPublish();
        pending.whenAcknowledged = whenAcknowledged;
        pending.rentedAt = whenAcknowledged is null ? 0 : Stopwatch.GetTimestamp();
        Volatile.Write(ref pending.open, pending.core.Version);
        return pending;
    }

    /// <summary>Gets the task; cancelling ends the waiting, not the delivery.</summary>
    public ValueTask AsTask(CancellationToken cancel)
    {
        short version = core.Version;
        if (cancel.CanBeCanceled)
        {
            cancellation = cancel;
            registration = cancel.UnsafeRegister(
                static state => ((PendingPublish)state!).TryFinish(null, null),
                this);
        }

        return new ValueTask(this, version);
    }

    public bool IsOpen(short version) => Volatile.Read(ref open) == version;

    /// <summary>Ends the waiting; false when it has ended before or the version is another one. A null version stands for cancellation.</summary>
    public bool TryFinish(short? version, Exception? error)
    {
        int expected = version ?? Volatile.Read(ref open);
        if (expected == Finished || Interlocked.CompareExchange(ref open, Finished, expected) != expected)
            return false;
        if (version is not null && error is null)
            whenAcknowledged?.Invoke(Stopwatch.GetElapsedTime(rentedAt));
        failure = version is null ? new OperationCanceledException(cancellation) : error;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Runs the publisher on the thread pool; asking the core for that would allocate a work item each time.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (failure is null)
            core.SetResult(true);
        else
            core.SetException(failure);
    }

    void IValueTaskSource.GetResult(short token)
    {
        // After this no cancellation callback runs any more, so the object may be reused.
        registration.Dispose();
        bool reusable = core.GetStatus(token) == ValueTaskSourceStatus.Succeeded;
        try
        {
            core.GetResult(token);
        }
        finally
        {
            registration = default;
            cancellation = default;
            if (reusable)
                Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    private void Return()
    {
        core.Reset();
        if (Interlocked.Increment(ref pooled) <= MaxPooled)
            Pool.Enqueue(this);
        else
            Interlocked.Decrement(ref pooled);
    }
}
