using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Mlops.Python.Native;
using Mlops.Python.Output;

namespace Mlops.Python.Calling;

/// <summary>
/// The one thread that makes all calls, in the order in which they were posted; Gil.cs has the rules. Made for low latency: it spins
/// shortly before it parks, since waking it costs the caller tens of microseconds.
/// </summary>
#pragma warning disable CA1001 // What it owns lives as long as the process.
internal sealed class CallingThread
#pragma warning restore CA1001
{
    private const int StackSize = 16 * 1024 * 1024;
    private static readonly TimeSpan s_exitPatience = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentQueue<(nint Pointer, bool IsView)> _releases = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _frozen = new();
    private readonly OutputRouter _output;
    private int _isParked;
    private volatile bool _isStopping;
    private volatile Call? _running;
    private Interpreter? _interpreter;
    private PythonScope? _scope;
    private Interrupter? _interrupter;

    public CallingThread(OutputRouter output, ILogger logger, TimeSpan spinTime, TimeSpan cancelPatience)
    {
        _output = output;
        Logger = logger;
        CancelPatience = cancelPatience;
        SpinTicks = Environment.ProcessorCount > 1 ? (long)(spinTime.TotalSeconds * Stopwatch.Frequency) : 0;
    }

    public ILogger Logger { get; }

    /// <summary>How long this thread waits for a call, and a caller for its result, before parking; in units of the stopwatch.</summary>
    public long SpinTicks { get; }

    /// <summary>How long a cancelled call may go on before its caller waits no longer.</summary>
    public TimeSpan CancelPatience { get; }

    /// <summary>Whether the call that runs was cancelled and goes on.</summary>
    public bool IsUnresponsive => _running is { IsGivenUp: true };

    public bool IsCurrent => Environment.CurrentManagedThreadId == ManagedId;

    /// <summary>The scope of the calls; only for use on this thread.</summary>
    public PythonScope Scope => _scope!;

    public int Waiting => _calls.Count;

    /// <summary>The tag of the call that runs now; empty between calls.</summary>
    public string RunningTag => _running?.Tag ?? "";

    private int ManagedId { get; set; }

    /// <summary>Starts the thread and waits until the interpreter is initialized. Call once per process.</summary>
    public void Start(Func<CallingThread, Interpreter> initialize)
    {
        Exception? failure = null;
        using var started = new ManualResetEventSlim();
        var thread = new Thread(
            () =>
            {
                failure = Initialize(initialize);
                started.Set();
                if (failure is null)
                    Run();
            }, StackSize)
        {
            IsBackground = true,
            Name = "Python",
        };
        thread.Start();
        started.Wait();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Freeze();
    }

    public void Post(Call call)
    {
        if (_isStopping)
            throw new InvalidOperationException("Python takes no more calls: the process is ending.");
        _calls.Enqueue(call);
        Wake();
    }

    /// <summary>Drops a reference soon, from any thread.</summary>
    public void Release(nint reference)
    {
        _releases.Enqueue((reference, false));
        Wake();
    }

    /// <summary>Releases an opened memory soon, from any thread.</summary>
    public unsafe void Release(PyBuffer* view)
    {
        _releases.Enqueue(((nint)view, true));
        Wake();
    }

    /// <summary>Makes the interrupter look at the running call.</summary>
    public void WakeInterrupter() => _interrupter!.Wake();

    /// <summary>Holds interrupts off, on this thread under the GIL, while our own Python code runs.</summary>
    public void Mask(bool isMasked)
    {
        if (_interrupter is not { } interrupter)
            return;
        interrupter.IsMasked = isMasked;
        if (isMasked && _running?.WasInterrupted == true)
            interrupter.TakeBack();
    }

    private Exception? Initialize(Func<CallingThread, Interpreter> initialize)
    {
        try
        {
            ManagedId = Environment.CurrentManagedThreadId;
            _interpreter = initialize(this);
            _scope = new PythonScope(_interpreter);
            _interrupter = new Interrupter(PyRuntime.ThreadIdentity(), _interpreter.CancelledType, () => _running);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void Run()
    {
        var state = Gil.GiveBack();
        while (!_isStopping)
        {
            var call = Take();
            var runs = call is not null && call.TryStart();
            if (!runs && _releases.IsEmpty)
                continue;

            Gil.Take(state);
            ReleaseDropped();
            if (runs)
                Execute(call!);
            state = Gil.GiveBack();
            if (runs)
                call!.Complete();
        }

        Gil.Take(state);
        _frozen.Set();
        using var never = new ManualResetEvent(false);
        never.WaitOne();
    }

    private void Execute(Call call)
    {
        _running = call;
        Interlocked.MemoryBarrier();
        if (call.IsCancelRequested)
            WakeInterrupter();

        call.Execute(_scope!);
        _output.FlushPartialLines(call.Tag);
        call.Settle();
        _running = null;
        if (call.WasInterrupted)
            _interrupter!.TakeBack();
        if (PyErrors.Occurred() != 0)
            PyErrors.Clear();
    }

    private unsafe void ReleaseDropped()
    {
        while (_releases.TryDequeue(out var dropped))
        {
            if (dropped.IsView)
                PyBuffer.Free((PyBuffer*)dropped.Pointer);
            else
                PyObjects.DecRef(dropped.Pointer);
        }
    }

    /// <summary>Returns the next call, or null when only references wait or the process ends.</summary>
    private Call? Take()
    {
        var spin = new Spin(SpinTicks);
        while (true)
        {
            if (_calls.TryDequeue(out var call))
                return call;
            if (!_releases.IsEmpty || _isStopping)
                return null;
            if (spin.Once())
                continue;

            Interlocked.Exchange(ref _isParked, 1);
            if (_calls.IsEmpty && _releases.IsEmpty && !_isStopping)
                _wake.WaitOne();
            Volatile.Write(ref _isParked, 0);
        }
    }

    private void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isParked) != 0 && Interlocked.Exchange(ref _isParked, 0) != 0)
            _wake.Set();
    }

    private void Freeze()
    {
        _isStopping = true;
        while (_calls.TryDequeue(out var call))
            call.RequestCancel();
        _running?.RequestCancel();
        Wake();
        _frozen.Wait(s_exitPatience);
    }
}
