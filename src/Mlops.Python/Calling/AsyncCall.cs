namespace Mlops.Python.Calling;

/// <summary>A call whose caller awaits a task.</summary>
internal sealed class AsyncCall<T> : Call
{
    // Continuations must not run on the calling thread: they would delay the next call.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<PythonScope, T> _work;
    private CancellationTokenRegistration _registration;
    private T? _result;

    private AsyncCall(CallingThread thread, Func<PythonScope, T> work, string tag, CancellationToken token)
        : base(thread)
    {
        _work = work;
        Tag = tag;
        Token = token;
    }

    public static Task<T> Post(CallingThread thread, Func<PythonScope, T> work, string tag, CancellationToken token)
    {
        if (token.IsCancellationRequested)
            return Task.FromCanceled<T>(token);
        var call = new AsyncCall<T>(thread, work, tag, token);
        if (token.CanBeCanceled)
            call._registration = token.UnsafeRegister(static state => ((Call)state!).RequestCancel(), call);

        thread.Post(call);
        return call._completion.Task;
    }

    public override void Complete()
    {
        // Unregister does not wait: the callback may be the one that completes this call.
        _registration.Unregister();
        if (Failure is null)
            _completion.TrySetResult(_result!);
        else if (Failure is OperationCanceledException && Token.IsCancellationRequested)
            _completion.TrySetCanceled(Token);
        else
            _completion.TrySetException(Failure);
    }

    protected override void Abandon(PythonUnresponsiveException failure) => _completion.TrySetException(failure);

    protected override void Work(PythonScope py) => _result = _work(py);
}
