using System.Runtime.InteropServices;
using Mlops.Python.Native;

namespace Mlops.Python.Calling;

/// <summary>
/// Raises the cancellation in the Python code of the running call, and again from time to time until the call is done: code may
/// swallow it once. Its thread starts with the first cancellation.
/// </summary>
#pragma warning disable CA1001 // What it owns lives as long as the process.
internal sealed class Interrupter(CULong pythonThread, nint exceptionType, Func<Call?> running)
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly AutoResetEvent _wake = new(false);
    private int _isStarted;

    /// <summary>Whether interrupts are held off while our own Python code runs. Written on the calling thread under the GIL.</summary>
    public bool IsMasked { get; set; }

    /// <summary>Makes the interrupter look at the running call. From any thread; does not wait.</summary>
    public void Wake()
    {
        _wake.Set();
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
            new Thread(Run) { IsBackground = true, Name = "Python interrupts" }.Start();
    }

    /// <summary>Takes back an interrupt that was not raised yet. On the calling thread under the GIL.</summary>
    public void TakeBack() => _ = PyRuntime.SetAsyncException(pythonThread, 0);

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            while (running() is { IsCancelRequested: true } call)
            {
                Gil.Hold(() => Interrupt(call));
                _wake.WaitOne(s_interval);
            }
        }
    }

    private void Interrupt(Call call)
    {
        if (!IsMasked && ReferenceEquals(running(), call) && call.TryInterrupt())
            _ = PyRuntime.SetAsyncException(pythonThread, exceptionType);
    }
}
