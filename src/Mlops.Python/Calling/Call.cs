namespace Mlops.Python.Calling;

/// <summary>One piece of work for the calling thread: queued, then running, then done, or cancelled before it ran.</summary>
#pragma warning disable CA1001 // Its timer disposes itself when it fires.
internal abstract class Call(CallingThread thread)
#pragma warning restore CA1001
{
    private const int Queued = 0;
    private const int Running = 1;
    private const int Done = 2;
    private int _state;
    private int _cancelRequested;
    private bool _wasInterrupted;
    private volatile bool _isGivenUp;
    private Timer? _patience;

    public string Tag { get; protected set; } = "";

    public CancellationToken Token { get; protected set; }

    public bool IsCancelRequested => Volatile.Read(ref _cancelRequested) != 0;

    /// <summary>Whether the cancellation was raised in the Python code, or was about to be when the call ended.</summary>
    public bool WasInterrupted => _wasInterrupted;

    /// <summary>Whether its caller waits no longer.</summary>
    public bool IsGivenUp => _isGivenUp;

    protected CallingThread Owner => thread;

    protected Exception? Failure { get; private set; }

    private bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>Claims the call for the calling thread; false when it was cancelled while it waited.</summary>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Running, Queued) == Queued;

    /// <summary>Runs the work on the calling thread under the GIL. Never throws.</summary>
    public void Execute(PythonScope py)
    {
        try
        {
            Work(py);
        }
        catch (Exception exception)
        {
            Failure = exception;
        }
    }

    /// <summary>Settles what the caller gets. From here on no interrupt is raised for this call.</summary>
    public void Settle()
    {
        Volatile.Write(ref _state, Done);
        if (WasInterrupted)
            Failure = Cancelled(Failure is OperationCanceledException ? null : Failure);
    }

    /// <summary>Hands the result to the caller; runs without the GIL.</summary>
    public abstract void Complete();

    /// <summary>Cancels from any thread: at once while queued, by an exception in the Python code while running.</summary>
    public void RequestCancel()
    {
        if (Interlocked.Exchange(ref _cancelRequested, 1) != 0)
            return;
        if (Interlocked.CompareExchange(ref _state, Done, Queued) == Queued)
        {
            Failure = Cancelled(null);
            Complete();
        }
        else if (!IsDone)
        {
            thread.WakeInterrupter();

            // By a timer of its own: the interrupter may wait for the GIL as long as the call does.
            _patience = new Timer(static call => ((Call)call!).GiveUp(), this, thread.CancelPatience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Notes that the cancellation is raised now; called under the GIL. False when it is too late.</summary>
    public bool TryInterrupt()
    {
        if (IsDone)
            return false;
        _wasInterrupted = true;
        return true;
    }

    /// <summary>Throws the failure to the caller although the call goes on.</summary>
    protected abstract void Abandon(PythonUnresponsiveException failure);

    protected abstract void Work(PythonScope py);

    /// <summary>
    /// Makes the object ready for its next use, unless a cancellation was requested: the interrupter may still look at it.
    /// The caller has disposed its cancellation registration before.
    /// </summary>
    protected bool TryReset()
    {
        if (IsCancelRequested || !IsDone)
            return false;
        Failure = null;
        Volatile.Write(ref _state, Queued);
        return true;
    }

    private void GiveUp()
    {
        _patience?.Dispose();
        if (IsDone)
            return;
        _isGivenUp = true;
        double seconds = thread.CancelPatience.TotalSeconds;
        Log.CancelledCallGoesOn(thread.Logger, Tag, seconds);
        Abandon(new PythonUnresponsiveException($"The Python call of '{Tag}' was cancelled but went on for {seconds:0.#} s.", null, Token));
    }

    private OperationCanceledException Cancelled(Exception? inner)
        => new(Tag.Length == 0 ? "The Python call was cancelled." : $"The Python call of '{Tag}' was cancelled.", inner, Token);
}
