using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>A model loaded in a worker of its own. A worker that ended is started again at the next call, later each time it ends again.</summary>
internal sealed class WorkerPredictor : IPredictor
{
    private static readonly Action<object?> s_cancel = static source => ((CancellationTokenSource)source!).Cancel();

    private readonly WorkerPool _pool;
    private readonly WorkerPlan _plan;
    private readonly PredictorRequest _request;
    private readonly PredictionBlock _block;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly RestartPause _pause;
    private readonly LineAllowance _lines;
    private readonly WorkerConduct _conduct;
    private readonly CancellationTokenSource _disposed = new();
    private CancellationTokenSource _deadline = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile PredictionWorker? _worker;
    private volatile string? _interruption;

    private WorkerPredictor(WorkerPool pool, WorkerPlan plan, PredictorRequest request, ILogger logger, TimeProvider time)
    {
        _pool = pool;
        _plan = plan;
        _request = request;
        _block = new PredictionBlock(request);
        _logger = logger;
        _time = time;
        _timeout = Timers.Clamp(request.Package.Manifest.PredictTimeout);
        _pause = new RestartPause(time);
        _lines = new LineAllowance(plan.Title, logger, time);
        _conduct = new WorkerConduct(plan.Title, logger, time);
    }

    public FeedSchema Output => _block.Output;

    public string Mode => "worker";

    public int? ProcessId => _worker?.ProcessId;

    public PredictorMemory? Memory => _worker?.Memory.Read();

    public string? Interruption => _interruption;

    public static async Task<WorkerPredictor> LoadAsync(
        WorkerPool pool, WorkerPlan plan, PredictorRequest request, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        var predictor = new WorkerPredictor(pool, plan, request, logger, time);
        await predictor.StartAsync(cancellationToken).ConfigureAwait(false);
        return predictor;
    }

    public async ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            PredictionWorker worker = _worker ?? await RestartAsync(cancellationToken).ConfigureAwait(false);
            RecordBatch answers = await AnswerAsync(worker, batch, cancellationToken).ConfigureAwait(false);
            _pause.Reset();
            return answers;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        await EndAsync().ConfigureAwait(false);
        _conduct.Dispose();
        _turn.Release();
    }

    private async ValueTask<RecordBatch> AnswerAsync(PredictionWorker worker, RecordBatch batch, CancellationToken cancellationToken)
    {
        // One source for deadline, caller and end, used again and again: this runs for every record of a slow feed.
        CancellationToken end = _deadline.Token;
        CancellationTokenRegistration caller = cancellationToken.UnsafeRegister(s_cancel, _deadline);
        CancellationTokenRegistration disposal = _disposed.Token.UnsafeRegister(s_cancel, _deadline);
        _deadline.CancelAfter(_timeout);
        _conduct.Begin();
        try
        {
            RecordBatch answers = await worker.AnswerAsync(batch, end).ConfigureAwait(false);
            _conduct.Answered();
            return answers;
        }
        catch (WorkflowException exception)
        {
            if (exception.IsOfRecord)
                _conduct.GivenUp();
            else
                _conduct.Failed();
            throw;
        }
        catch (Exception exception) when (PredictionWorker.IsEnd(exception))
        {
            _conduct.Broke();
            WorkflowException described = await worker.DescribeEndAsync("predict", exception).ConfigureAwait(false);
            Log.WorkerEnded(_logger, described.Message);
            RuntimeInstruments.WorkerFell("prediction");
            await EndAsync().ConfigureAwait(false);
            Pause(described.Message);
            throw described;
        }
        catch (OperationCanceledException)
        {
            // The call goes on in the process, which cannot be used until it ends: another one is quicker.
            bool isGivenUp = cancellationToken.IsCancellationRequested || _disposed.IsCancellationRequested;
            string place = _conduct.IsInDebt ? " It had the last place on the processors, since calls before it had failed or been ended." : "";
            if (isGivenUp)
                _conduct.GivenUp();
            else
                _conduct.Broke();
            await EndAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(isGivenUp, this);
            string late = $"Workflow {_plan.Title}: predict did not answer {batch.Count} records within {_timeout.TotalSeconds:0.###} s; its process was ended.{place} Raise timeouts.predict in workflow.yaml if it needs longer.";
            Pause(late);
            throw new WorkflowException(late);
        }
        finally
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            await disposal.DisposeAsync().ConfigureAwait(false);
            if (!_deadline.TryReset())
                _deadline = new CancellationTokenSource();
        }
    }

    private async Task<PredictionWorker> RestartAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            await _pause.WaitAsync(end.Token).ConfigureAwait(false);
            Log.WorkerRestarts(_logger, _plan.Title, _pause.Ends);
            return await StartAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(WorkerPredictor));
        }
        catch (WorkflowException exception)
        {
            Pause(exception.Message);
            throw;
        }
    }

    private async Task<PredictionWorker> StartAsync(CancellationToken cancellationToken)
    {
        RuntimeInstruments.WorkerStarted("prediction");
        _worker = await PredictionWorker.StartAsync(_pool, _plan, _request, _block, _lines.Print, _time, cancellationToken).ConfigureAwait(false);
        _conduct.Take(_worker.Priority, _worker.ReadDemand);
        _interruption = null;
        return _worker;
    }

    /// <summary>Notes that the process ended by itself, had to be ended, or did not start again.</summary>
    private void Pause(string reason)
    {
        _pause.Lengthen();
        string times = _pause.Ends == 1 ? "" : $" {_pause.Ends} times in a row";
        _interruption = $"Its process ended{times}; the next record starts another, not before {_pause.NotBefore.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z. {reason}";
    }

    private async Task EndAsync()
    {
        PredictionWorker? worker = _worker;
        _worker = null;
        _conduct.Leave();
        if (worker is not null)
            await worker.DisposeAsync().ConfigureAwait(false);
    }
}
