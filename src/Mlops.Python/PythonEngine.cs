using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Python.Calling;
using Mlops.Python.Output;

namespace Mlops.Python;

/// <summary>
/// Runs CPython in this process. All calls are made one after the other, in the order in which they are posted, on one thread of its own,
/// which holds Python's lock (GIL) only while a call runs.
/// </summary>
/// <remarks>
/// A process has one interpreter, from <see cref="Start"/> until the process ends; it is never shut down. Python code can end the
/// process (<c>os._exit</c>, a fault in native code). Thread-safe.
/// </remarks>
public sealed class PythonEngine
{
    private static readonly Lock s_gate = new();
    private static PythonEngine? s_current;

    private readonly CallingThread _thread;
    private readonly OutputRouter _output;

    private PythonEngine(PythonInstallation installation, CallingThread thread, OutputRouter output)
    {
        Installation = installation;
        _thread = thread;
        _output = output;
    }

    /// <summary>Gets the engine of this process, or <see langword="null"/> when none has been started.</summary>
    public static PythonEngine? Current => Volatile.Read(ref s_current);

    /// <summary>Gets the interpreter that runs.</summary>
    public PythonInstallation Installation { get; }

    /// <summary>Gets the number of calls that wait for their turn.</summary>
    public int WaitingCalls => _thread.Waiting;

    /// <summary>Gets the number of printed lines that were dropped because they came faster than they could be delivered.</summary>
    public long DroppedOutputLines => _output.Dropped;

    /// <summary>Gets whether a call that was cancelled goes on, so that all others wait; see <see cref="PythonUnresponsiveException"/>.</summary>
    public bool IsUnresponsive => _thread.IsUnresponsive;

    /// <summary>Gets whether the current thread is the calling thread, that is whether this runs inside a call.</summary>
    public bool IsCallingThread => _thread.IsCurrent;

    /// <summary>Starts the interpreter. Started again with the same installation (the same library and prefix) it returns the engine that runs, with its first options.</summary>
    /// <param name="installation">The interpreter, from <see cref="PythonLocator.Locate(PythonLocatorOptions, CancellationToken)"/>.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <returns>The engine of this process.</returns>
    /// <exception cref="InvalidOperationException">Another interpreter runs already, or the installation has no shared library or another version's.</exception>
    /// <exception cref="DllNotFoundException">The shared library could not be loaded.</exception>
    public static PythonEngine Start(PythonInstallation installation, PythonEngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(installation);
        lock (s_gate)
        {
            if (s_current is { } running)
            {
                return running.Installation.LibraryPath == installation.LibraryPath && running.Installation.Prefix == installation.Prefix
                    ? running
                    : throw new InvalidOperationException(
                        $"{installation} cannot be started: {running.Installation} runs in this process already, and a process has one interpreter. "
                        + "Start the other one in a process of its own, or use the running one.");
            }

            options ??= new PythonEngineOptions();
            var logger = options.Logger ?? NullLogger.Instance;
            var since = Stopwatch.GetTimestamp();
            var output = new OutputRouter(options.Output, logger, options.OutputQueueLength, options.MaxOutputLineLength);
            var thread = new CallingThread(output, logger, options.SpinTime, options.CancelPatience);
            thread.Start(current => InterpreterStart.Run(current, installation, options, output));
            Log.Started(logger, installation.Version, installation.Executable, installation.LibraryPath!, Stopwatch.GetElapsedTime(since).TotalMilliseconds);

            var engine = new PythonEngine(installation, thread, output);
            Volatile.Write(ref s_current, engine);
            return engine;
        }
    }

    /// <summary>Runs work in the interpreter and waits for its result by a task.</summary>
    /// <typeparam name="T">The type of the result. Python objects in it are usable in later calls only.</typeparam>
    /// <param name="work">The work; everything in it runs on the calling thread, so other calls wait for its end.</param>
    /// <param name="cancellationToken">
    /// Takes a waiting call out of the queue; raises an exception in the Python code of a running one, which stops Python loops within
    /// milliseconds, but neither <c>time.sleep</c> nor a long native function before they return.
    /// </param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">Python code raised.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="PythonUnresponsiveException">The call was cancelled but goes on.</exception>
    public Task<T> RunAsync<T>(Func<PythonScope, T> work, CancellationToken cancellationToken = default)
        => RunAsync(work, "", cancellationToken);

    /// <summary>Runs work in the interpreter and waits for its result by a task; see <see cref="RunAsync{T}(Func{PythonScope, T}, CancellationToken)"/>.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="tag">The name under which printed lines appear, for example a workflow and its version.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result.</returns>
    public Task<T> RunAsync<T>(Func<PythonScope, T> work, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return AsyncCall<T>.Post(_thread, work, tag, cancellationToken);
    }

    /// <summary>Runs work without a result; see <see cref="RunAsync{T}(Func{PythonScope, T}, CancellationToken)"/>.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that ends with the work.</returns>
    public Task RunAsync(Action<PythonScope> work, CancellationToken cancellationToken = default)
        => RunAsync(work, "", cancellationToken);

    /// <summary>Runs work without a result; see <see cref="RunAsync{T}(Func{PythonScope, T}, CancellationToken)"/>.</summary>
    /// <param name="work">The work.</param>
    /// <param name="tag">The name under which printed lines appear.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that ends with the work.</returns>
    public Task RunAsync(Action<PythonScope> work, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(
            py =>
            {
                work(py);
                return true;
            }, tag, cancellationToken);
    }

    /// <summary>Runs work in the interpreter and blocks until its end. Inside a call it runs at once.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels the call, as in <see cref="RunAsync{T}(Func{PythonScope, T}, CancellationToken)"/>.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">Python code raised.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public T Run<T>(Func<PythonScope, T> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Invoke<Func<PythonScope, T>, T>(work, static (py, work) => work(py), "", cancellationToken);
    }

    /// <summary>Runs work without a result and blocks until its end. Inside a call it runs at once.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="PythonException">Python code raised.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void Run(Action<PythonScope> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        Invoke(work, static (py, work) => work(py), "", cancellationToken);
    }

    /// <summary>Runs work and blocks until its end, for the calls that are made most often: with a static function it makes no garbage in .NET.</summary>
    /// <typeparam name="TState">The type of what the work needs.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="state">What the work needs.</param>
    /// <param name="work">The work.</param>
    /// <param name="tag">The name under which printed lines appear.</param>
    /// <param name="cancellationToken">Cancels the call, as in <see cref="RunAsync{T}(Func{PythonScope, T}, CancellationToken)"/>.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">Python code raised.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public TResult Invoke<TState, TResult>(
        TState state, Func<PythonScope, TState, TResult> work, string tag = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(tag);
        return _thread.IsCurrent
            ? work(_thread.Scope, state)
            : SyncCall<TState, TResult>.Run(_thread, state, work, tag, cancellationToken);
    }

    /// <summary>Runs work without a result and blocks until its end; see <see cref="Invoke{TState, TResult}"/>.</summary>
    /// <typeparam name="TState">The type of what the work needs.</typeparam>
    /// <param name="state">What the work needs.</param>
    /// <param name="work">The work.</param>
    /// <param name="tag">The name under which printed lines appear.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="PythonException">Python code raised.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void Invoke<TState>(TState state, Action<PythonScope, TState> work, string tag = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        Invoke(
            (state, work),
            static (py, call) =>
            {
                call.work(py, call.state);
                return true;
            },
            tag,
            cancellationToken);
    }
}
