using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>A model loaded in a worker of its own. A worker that ended is started again at the next call, later each time it ends again.</summary>
internal sealed class WorkerPredictor : IPredictor
{
    private readonly WorkerPlan _plan;
    private readonly PredictorRequest _request;
    private readonly PredictionBlock _block;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly RestartPause _pause;
    private readonly LineAllowance _lines;
    private readonly CancellationTokenSource _disposed = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private PredictionWorker? _worker;

    private WorkerPredictor(WorkerPlan plan, PredictorRequest request, ILogger logger, TimeProvider time)
    {
        _plan = plan;
        _request = request;
        _block = new PredictionBlock(request);
        _logger = logger;
        _time = time;
        _timeout = Timers.Clamp(request.Package.Manifest.PredictTimeout);
        _pause = new RestartPause(time);
        _lines = new LineAllowance(plan.Title, logger, time);
    }

    public FeedSchema Output => _block.Output;

    public string Mode => "worker";

    public int? ProcessId => _worker?.ProcessId;

    public static async Task<WorkerPredictor> LoadAsync(
        WorkerPlan plan, PredictorRequest request, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        var predictor = new WorkerPredictor(plan, request, logger, time);
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
        _turn.Release();
    }

    private async ValueTask<RecordBatch> AnswerAsync(PredictionWorker worker, RecordBatch batch, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token, timeout.Token);
        try
        {
            return await worker.AnswerAsync(batch, end.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (PredictionWorker.IsEnd(exception))
        {
            WorkflowException described = await worker.DescribeEndAsync("predict", exception).ConfigureAwait(false);
            Log.WorkerEnded(_logger, described.Message);
            RuntimeInstruments.WorkerFell("prediction");
            await EndAsync().ConfigureAwait(false);
            _pause.Lengthen();
            throw described;
        }
        catch (OperationCanceledException)
        {
            // The call goes on in the process, which cannot be used until it ends: another one is quicker.
            await EndAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            throw new WorkflowException(
                $"Workflow {_plan.Title}: predict did not answer {batch.Count} records within {_timeout.TotalSeconds:0.###} s; its process was ended. Raise timeouts.predict in workflow.yaml if it needs longer.");
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
        catch (WorkflowException)
        {
            _pause.Lengthen();
            throw;
        }
    }

    private async Task<PredictionWorker> StartAsync(CancellationToken cancellationToken)
    {
        RuntimeInstruments.WorkerStarted("prediction");
        var output = new WorkerOutput(_lines.Print);
        return _worker = await PredictionWorker.StartAsync(_plan, _request, _block, output, cancellationToken).ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        PredictionWorker? worker = _worker;
        _worker = null;
        if (worker is not null)
            await worker.DisposeAsync().ConfigureAwait(false);
    }
}
