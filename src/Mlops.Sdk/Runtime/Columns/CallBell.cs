namespace Mlops.Runtime.Columns;

/// <summary>
/// Numbers in the head of a block by which host and worker see what the other is about without asking the system: a call that has been sent,
/// one that has begun, and whether the host sleeps until the answer. Only hints: the socket has the calls and their answers.
/// </summary>
internal sealed unsafe class CallBell
{
    private const int Call = 2;
    private const int Begun = 3;
    private const int Sleeper = 4;
    private long* _head;
    private long _calls;

    /// <summary>Gets a value indicating whether the worker has begun the call that was rung for last.</summary>
    public bool IsHeard => Volatile.Read(ref _head[Begun]) == _calls;

    /// <summary>Takes the block of a worker; the numbers go on.</summary>
    public void Bind(byte* block) => _head = (long*)block;

    /// <summary>Forgets block and worker: the next one counts from the beginning.</summary>
    public void Unbind()
    {
        _head = null;
        _calls = 0;
    }

    /// <summary>Tells that a call has been sent: a worker that looks need not sleep until then.</summary>
    public void Ring() => Volatile.Write(ref _head[Call], ++_calls);

    /// <summary>Tells that the host sleeps from now on, and on which core: a worker that looks for the next call there would keep it from waking.</summary>
    public void Sleep() => Volatile.Write(ref _head[Sleeper], Thread.GetCurrentProcessorId() + 1L);

    /// <summary>Tells that the host does not sleep any more.</summary>
    public void Wake() => Volatile.Write(ref _head[Sleeper], 0);
}
