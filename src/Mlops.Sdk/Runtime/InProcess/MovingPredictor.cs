using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Runtime.InProcess;

/// <summary>
/// A model that predicts inside the host's process until one of its calls overruns its time there, one waits longer for others,
/// or nothing predicts there any more; and from then on in a worker. No batch that did not run is lost.
/// </summary>
internal sealed class MovingPredictor(
    InProcessPredictor here, PythonRuntimeStatus status, ILogger logger, Func<CancellationToken, Task<IPredictor>> loadInWorker) : IPredictor
{
    private volatile IPredictor? _worker;
    private volatile bool _isDisposed;

    public FeedSchema Output => Current.Output;

    public string Mode => Current.Mode;

    public string? ModeReason => _worker is null ? null : Reason;

    public int? ProcessId => Current.ProcessId;

    public PredictorMemory? Memory => Current.Memory;

    public string? Interruption => Current.Interruption;

    private IPredictor Current => _worker ?? here;

    private string? Reason => here.Left ?? status.InProcessStopped;

    public ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (_worker is { } worker)
            return worker.PredictAsync(batch, cancellationToken);
        if (Reason is not null)
            return MoveAsync(batch, cancellationToken);
        ValueTask<RecordBatch> call = here.PredictAsync(batch, cancellationToken);
        return call.IsCompletedSuccessfully ? call : FollowAsync(call, batch, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_worker is { } worker)
            await worker.DisposeAsync().ConfigureAwait(false);
        else
            await here.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<RecordBatch> FollowAsync(ValueTask<RecordBatch> call, RecordBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (InProcessStoppedException)
        {
            return await MoveAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<RecordBatch> MoveAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        IPredictor worker = await loadInWorker(cancellationToken).ConfigureAwait(false);
        _worker = worker;
        if (here.Left is { } reason)
            Log.LeftHost(logger, reason);

        // Its end waits for a call that may never end.
        _ = here.DisposeAsync().AsTask();
        if (_isDisposed)
            await worker.DisposeAsync().ConfigureAwait(false);
        return await worker.PredictAsync(batch, cancellationToken).ConfigureAwait(false);
    }
}
