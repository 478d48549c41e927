using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Python;
using Mlops.Runtime.Columns;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Runtime.InProcess;

/// <summary>A model loaded into the interpreter of this process. Decides how a caller waits, and how long.</summary>
internal sealed class InProcessPredictor : IPredictor
{
    /// <summary>Calls that usually take longer, half a millisecond, do not hold the caller's thread.</summary>
    private static readonly long s_blockingLimit = Stopwatch.Frequency / 2000;
    private static readonly TimeSpan s_leastInterruption = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_closePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_measureInterval = TimeSpan.FromSeconds(30);

    private const string MemoryMethod = "estimate: the objects of the model and of the package's modules, arrays included, at most 20,000 objects, and the rows in transit; not the libraries, which all share";

    private readonly PythonEngine _engine;
    private readonly PythonRuntimeStatus _status;
    private readonly PredictionBlock _block;
    private readonly InProcessModel _model;
    private readonly string _tag;
    private readonly string _title;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _patience;
    private CancellationTokenSource _deadline = new();
    private long _usualTicks = s_blockingLimit * 2;
    private PredictorMemory? _memory;
    private long _measured;
    private int _isMeasuring;
    private int _disposed;
    private volatile bool _hasBegun;
    private volatile string? _left;

    private InProcessPredictor(PythonEngine engine, PredictorRequest request, PythonRuntimeStatus status, ILogger logger)
    {
        WorkflowManifest manifest = request.Package.Manifest;
        _engine = engine;
        _status = status;
        _block = new PredictionBlock(request);
        _tag = $"{manifest.Name} {manifest.Version}";
        _title = $"'{manifest.Name}' {manifest.Version}";
        _model = new InProcessModel(engine, _block, new ShownPictures(logger, _title));
        _timeout = Timers.Clamp(manifest.PredictTimeout);

        // Longer than its time: a call before it that overruns the same time is interrupted at the end of it, which takes a moment.
        _patience = Timers.Clamp(_timeout + TimeSpan.FromTicks(Math.Max(_timeout.Ticks / 4, s_leastInterruption.Ticks)));
    }

    public FeedSchema Output => _block.Output;

    public string Mode => "in-process";

    public int? ProcessId => null;

    /// <summary>Gets why the model is to predict in a worker from now on: a call overran its time, or waited longer than its time for others; <see langword="null"/> while it may stay.</summary>
    public string? Left => _left;

    /// <summary>Gets the memory as it was when last somebody asked; asking starts the next measurement, which takes the interpreter for a few milliseconds.</summary>
    public PredictorMemory? Memory
    {
        get
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _measured)) > s_measureInterval && Interlocked.Exchange(ref _isMeasuring, 1) == 0)
                _ = MeasureAsync();
            return Volatile.Read(ref _memory);
        }
    }

    public static async Task<InProcessPredictor> LoadAsync(
        PythonEngine engine, PredictorRequest request, PythonRuntimeStatus status, ILogger logger, CancellationToken cancellationToken)
    {
        var predictor = new InProcessPredictor(engine, request, status, logger);
        InProcessEngine.Route(predictor._tag, logger);
        try
        {
            await engine.RunAsync(
                py =>
                {
                    predictor._model.Load(py, LoadMessage.Of(request));
                    predictor.Measure();
                },
                predictor._tag,
                cancellationToken).ConfigureAwait(false);
            status.OnStop(predictor.Stop);
            return predictor;
        }
        catch (Exception exception)
        {
            await predictor.DisposeAsync().ConfigureAwait(false);
            if (exception is PythonException raised)
                throw predictor.Unexpected(raised);
            throw;
        }
    }

    public ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        CancellationTokenRegistration caller = default;
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _deadline);
        }

        _hasBegun = false;
        _deadline.CancelAfter(_patience);
        return _usualTicks > s_blockingLimit || _engine.WaitingCalls > 0
            ? AnswerAsync(batch, caller, cancellationToken)
            : AnswerBlocking(batch, caller, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _status.Forget(Stop);
        await _deadline.CancelAsync().ConfigureAwait(false);
        Task closing = _engine.RunAsync(_ => _model.Close(), _tag);

        // A call that ignores its cancellation may hold the interpreter; then closing happens whenever it ends.
        if (!_engine.IsUnresponsive)
            await closing.WaitAsync(s_closePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ValueTask<RecordBatch> AnswerBlocking(RecordBatch batch, CancellationTokenRegistration caller, CancellationToken cancellationToken)
    {
        try
        {
            return new(_engine.Invoke((Self: this, batch), static (py, state) => state.Self.Answer(py, state.batch), _tag, _deadline.Token));
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<RecordBatch>(Explain(exception, batch, cancellationToken));
        }
        finally
        {
            Settle(caller);
        }
    }

    private async ValueTask<RecordBatch> AnswerAsync(RecordBatch batch, CancellationTokenRegistration caller, CancellationToken cancellationToken)
    {
        try
        {
            return await _engine.RunAsync(py => Answer(py, batch), _tag, _deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw Explain(exception, batch, cancellationToken);
        }
        finally
        {
            Settle(caller);
        }
    }

    private RecordBatch Answer(PythonScope py, RecordBatch batch)
    {
        _hasBegun = true;

        // Its time is its own: what it waited for others does not count.
        _deadline.CancelAfter(_timeout);
        long started = Stopwatch.GetTimestamp();
        RecordBatch answers = _model.Answer(py, batch);
        _usualTicks = ((_usualTicks * 7) + (Stopwatch.GetTimestamp() - started)) / 8;
        return answers;
    }

    private async Task MeasureAsync()
    {
        await _engine.RunAsync(_ => Measure(), _tag, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Write(ref _isMeasuring, 0);
    }

    private void Measure()
    {
        Volatile.Write(ref _memory, new PredictorMemory(_model.Measure(), MemoryMethod));
        Volatile.Write(ref _measured, Stopwatch.GetTimestamp());
    }

    /// <summary>Takes a call that waits out of the queue: the one before it may never end.</summary>
    private void Stop() => _deadline.Cancel();

    /// <summary>Makes the deadline ready for the next call.</summary>
    private void Settle(CancellationTokenRegistration caller)
    {
        caller.Dispose();
        if (!_deadline.TryReset())
            _deadline = new CancellationTokenSource();
    }

    private Exception Explain(Exception exception, RecordBatch batch, CancellationToken cancellationToken) => exception switch
    {
        PythonException raised => Unexpected(raised),
        OperationCanceledException when cancellationToken.IsCancellationRequested => new OperationCanceledException(exception.Message, exception, cancellationToken),
        OperationCanceledException when Volatile.Read(ref _disposed) != 0 => new ObjectDisposedException(nameof(InProcessPredictor), exception),
        PythonUnresponsiveException => Unresponsive(exception, batch),
        OperationCanceledException when HasStopped() => new InProcessStoppedException(),
        OperationCanceledException when !_hasBegun => Crowded(),
        OperationCanceledException => Overrun(exception, batch),
        _ => exception,
    };

    private WorkflowException Overrun(Exception exception, RecordBatch batch)
    {
        string reason = $"Workflow {_title}: predict did not answer {batch.Count} records within {_timeout.TotalSeconds:0.###} s inside the host's process and was interrupted.";
        _left = reason;
        return new WorkflowException($"{reason} It predicts in a worker from now on. Raise timeouts.predict in workflow.yaml if it needs longer.", traceback: null, exception);
    }

    /// <summary>The records are not at fault: they are answered in a worker.</summary>
    private InProcessStoppedException Crowded()
    {
        _left = $"Workflow {_title} waited {_patience.TotalSeconds:0.###} s for calls of other workflows inside the host's process.";
        return new InProcessStoppedException();
    }

    private WorkflowException Unresponsive(Exception exception, RecordBatch batch)
    {
        string reason = $"Workflow {_title}: predict did not answer {batch.Count} records within {_timeout.TotalSeconds:0.###} s and could not be interrupted: it sleeps, is inside a native function, or swallows the interruption.";
        _status.StopInProcess(reason);
        return new WorkflowException(reason, traceback: null, exception);
    }

    /// <summary>Whether this call ended while it waited for one that goes on.</summary>
    private bool HasStopped()
    {
        if (_engine.IsUnresponsive)
            _status.StopInProcess($"Workflow {_title} waited {_patience.TotalSeconds:0.###} s for a call inside this process that cannot be interrupted.");
        return _status.InProcessStopped is not null;
    }

    /// <summary>The Python side catches what workflow code raises; what is left is the runtime's own.</summary>
    private WorkflowException Unexpected(PythonException raised) =>
        new($"Workflow {_title}: the runtime failed: {raised.Message}", raised.PythonTraceback, raised);
}
