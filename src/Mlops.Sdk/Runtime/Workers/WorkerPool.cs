using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

// WHAT A SPARE IS
//
// A worker that has started, has its limits and its process space, and has imported the libraries that the last worker used (of the
// interpreter's own, mlops/_libraries.py). It knows neither package nor model and has run nothing of any. Who takes it says what it is for;
// then it contains itself and goes on like any other worker, which is what a worker without spare does after half a second of imports.
// A model that was loaded asks for the next spare, so nodes that need no workers have none, and code that fails at its import makes none.

/// <summary>Keeps a few workers waiting, so that a swap, a restart or a move takes little time. Thread-safe.</summary>
internal sealed class WorkerPool(IOptions<PythonRuntimeOptions> options, ILogger<WorkerPool> logger) : IAsyncDisposable
{
    private readonly int _size = options.Value.SpareWorkers;
    private readonly Lock _gate = new();
    private readonly List<WorkerProcess> _spares = [];
    private readonly CancellationTokenSource _end = new();
    private Task _filling = Task.CompletedTask;
    private int _starting;
    private bool _isDisposed;

    /// <summary>Gets the number of workers that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _spares.Count;
        }
    }

    /// <summary>Gets the process ids of the workers that wait.</summary>
    public IReadOnlyList<int> Processes
    {
        get
        {
            lock (_gate)
                return [.. _spares.Select(spare => spare.Id)];
        }
    }

    /// <summary>Returns a contained worker that loads a model: one that waited, or a new one.</summary>
    /// <exception cref="WorkflowException">It could not be started or contained.</exception>
    public async Task<WorkerProcess> BeginAsync(WorkerPlan plan, LoadMessage message, Action<string, bool> receiver, CancellationToken cancellationToken)
    {
        while (Take(plan) is { } spare)
        {
            spare.Adopt(plan);
            if (await BeginAsync(spare, message, receiver, isSpare: true, cancellationToken).ConfigureAwait(false))
                return spare;
        }

        WorkerProcess worker = await WorkerProcess.StartAsync(plan, cancellationToken).ConfigureAwait(false);
        await BeginAsync(worker, message, receiver, isSpare: false, cancellationToken).ConfigureAwait(false);
        return worker;
    }

    /// <summary>Keeps workers like one that has loaded a model, with the same libraries.</summary>
    public void Refill(WorkerPlan plan, IReadOnlyList<string> libraries)
    {
        plan = plan with { Title = "(a spare worker)" };
        WorkerProcess[] others;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            others = [.. _spares.Where(spare => spare.Plan != plan)];
            _spares.RemoveAll(others.Contains);
            for (; _spares.Count + _starting < _size; _starting++)
                _filling = Task.WhenAll(_filling, FillAsync(plan, libraries));
        }

        foreach (WorkerProcess other in others)
            _ = other.DisposeAsync().AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        await _filling.ConfigureAwait(false);
        foreach (WorkerProcess spare in _spares)
            await spare.DisposeAsync().ConfigureAwait(false);
        _spares.Clear();
        _end.Dispose();
    }

    private WorkerProcess? Take(WorkerPlan plan)
    {
        lock (_gate)
        {
            int at = _spares.FindIndex(spare => spare.Plan with { Title = plan.Title } == plan);
            if (at < 0)
                return null;
            WorkerProcess spare = _spares[at];
            _spares.RemoveAt(at);
            return spare;
        }
    }

    /// <summary>Returns false when a spare has ended while it waited, for instance for want of memory; nothing of the package has run in it.</summary>
    private static async Task<bool> BeginAsync(WorkerProcess worker, LoadMessage message, Action<string, bool> receiver, bool isSpare, CancellationToken cancellationToken)
    {
        worker.Output.GoTo(receiver);
        try
        {
            await worker.BeginAsync(WorkerFrame.Load, message, WorkerJson.Default.LoadMessage, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            WorkflowException? end = PredictionWorker.IsEnd(exception) && !isSpare ? await worker.DescribeEndAsync("its start", exception).ConfigureAwait(false) : null;
            await worker.DisposeAsync().ConfigureAwait(false);
            if (end is not null)
                throw end;
            if (!isSpare || !PredictionWorker.IsEnd(exception))
                throw;
            return false;
        }
    }

    private async Task FillAsync(WorkerPlan plan, IReadOnlyList<string> libraries)
    {
        await Task.Yield();
        WorkerProcess? spare = null;
        try
        {
            spare = await WorkerProcess.StartAsync(plan, _end.Token).ConfigureAwait(false);

            // Wheels are a package's code, which runs contained only; and they may hold other versions of the libraries.
            if (plan.Site is null)
                await spare.Connection.SendAsync(WorkerFrame.Prepare, new LibrariesMessage(libraries), WorkerJson.Default.LibrariesMessage, _end.Token).ConfigureAwait(false);
            RuntimeInstruments.WorkerStarted("spare");
        }
        catch (Exception exception)
        {
            if (exception is not OperationCanceledException)
                Log.NoSpare(logger, exception.Message);
            if (spare is not null)
                await spare.DisposeAsync().ConfigureAwait(false);
            spare = null;
        }

        lock (_gate)
        {
            _starting--;
            if (spare is not null)
                _spares.Add(spare);
        }
    }
}
