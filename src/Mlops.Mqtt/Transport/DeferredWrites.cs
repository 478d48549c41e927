namespace Mlops.Mqtt.Transport;

/// <summary>The write loops that a read loop has woken: they run on its thread when it has handled all that it has read.</summary>
/// <remarks>
/// A message that comes alone is passed on and answered by the thread that has read it: waking another one costs more than the work. Of
/// many that come at once those for one receiver leave together. A write loop never waits on this thread: where a socket takes no more it
/// goes on by itself later, and where there is much to write it moves to the thread pool. Whoever calls others' code while a read loop
/// hands over packets does so within <see cref="Suspend"/>, so that no message waits for it.
/// </remarks>
internal sealed class DeferredWrites
{
    /// <summary>Write loops beyond which the thread pool takes over: many receivers are better served by all cores.</summary>
    private const int MaxLoops = 16;

    [ThreadStatic]
    private static DeferredWrites? ofThread;

    private readonly AsyncSignal?[] woken = new AsyncSignal?[MaxLoops];
    private int count;
    private State state;

    internal enum State
    {
        Off,
        Collecting,
        Suspended,
        Running,
    }

    /// <summary>Whether this thread is a read loop's and only lent to a write loop.</summary>
    public static bool IsRunning => ofThread is { state: State.Running };

    /// <summary>Collects write loops on this thread until the scope is disposed, which runs them.</summary>
    public static Scope Collect()
    {
        var mine = ofThread ??= new DeferredWrites();
        if (mine.state != State.Off)
            return default;
        mine.state = State.Collecting;
        return new Scope(mine, State.Collecting);
    }

    /// <summary>Hands over to the thread pool what is collected, and what is woken until the scope is disposed.</summary>
    public static Scope Suspend()
    {
        if (ofThread is not { state: State.Collecting } mine)
            return default;
        mine.HandOver();
        mine.state = State.Suspended;
        return new Scope(mine, State.Suspended);
    }

    /// <summary>Takes a write loop that has been woken; false when it has to run elsewhere.</summary>
    public static bool TryAdd(AsyncSignal loop)
    {
        if (ofThread is not { state: State.Collecting, count: < MaxLoops } mine)
            return false;
        mine.woken[mine.count++] = loop;
        return true;
    }

    private void HandOver()
    {
        for (int i = 0; i < count; i++)
        {
            woken[i]!.RunOnPool();
            woken[i] = null;
        }

        count = 0;
    }

    private void Run()
    {
        state = State.Running;
        try
        {
            for (int i = 0; i < count; i++)
            {
                woken[i]!.Run();
                woken[i] = null;
            }
        }
        finally
        {
            count = 0;
            state = State.Off;
        }
    }

    internal readonly ref struct Scope
    {
        private readonly DeferredWrites? owner;
        private readonly State entered;

        public Scope(DeferredWrites owner, State entered) => (this.owner, this.entered) = (owner, entered);

        public void Dispose()
        {
            if (owner is null)
                return;
            if (entered == State.Suspended)
                owner.state = State.Collecting;
            else
                owner.Run();
        }
    }
}
