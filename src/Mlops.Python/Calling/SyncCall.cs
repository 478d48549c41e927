using System.Runtime.ExceptionServices;

namespace Mlops.Python.Calling;

/// <summary>
/// A call whose caller waits on its own thread: shortly by spinning, then parked. One object per calling .NET thread and kind is
/// used again and again, so that a steady stream of calls makes no garbage.
/// </summary>
internal sealed class SyncCall<TState, TResult> : Call
{
    private const int Pending = 0;
    private const int CallerParked = 1;
    private const int Completed = 2;

    [ThreadStatic]
    private static SyncCall<TState, TResult>? t_spare;

    private readonly object _gate = new();
    private int _progress;
    private Func<PythonScope, TState, TResult>? _work;
    private TState? _state;
    private TResult? _result;
    private volatile PythonUnresponsiveException? _abandoned;

    private SyncCall(CallingThread thread)
        : base(thread)
    {
    }

    public static TResult Run(
        CallingThread thread, TState state, Func<PythonScope, TState, TResult> work, string tag, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var call = t_spare?.Owner == thread ? t_spare : new SyncCall<TState, TResult>(thread);
        t_spare = null;
        call._state = state;
        call._work = work;
        call.Tag = tag;
        call.Token = token;

        using (token.UnsafeRegister(static state => ((Call)state!).RequestCancel(), call))
        {
            thread.Post(call);
            call.Wait();
        }

        return call.Finish();
    }

    public override void Complete() => LetGo();

    protected override void Abandon(PythonUnresponsiveException failure)
    {
        _abandoned = failure;
        LetGo();
    }

    private void LetGo()
    {
        if (Interlocked.Exchange(ref _progress, Completed) != CallerParked)
            return;
        lock (_gate)
            Monitor.Pulse(_gate);
    }

    protected override void Work(PythonScope py) => _result = _work!(py, _state!);

    private void Wait()
    {
        var spin = new Spin(Owner.SpinTicks);
        do
        {
            if (Volatile.Read(ref _progress) == Completed)
                return;
        }
        while (spin.Once());

        lock (_gate)
        {
            Interlocked.CompareExchange(ref _progress, CallerParked, Pending);
            while (Volatile.Read(ref _progress) != Completed)
                Monitor.Wait(_gate);
        }
    }

    private TResult Finish()
    {
        if (_abandoned is { } abandoned)
            throw abandoned;
        var (result, failure) = (_result, Failure);
        _result = default;
        _state = default;
        _work = null;
        if (TryReset())
        {
            _progress = Pending;
            t_spare = this;
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return result!;
    }
}
