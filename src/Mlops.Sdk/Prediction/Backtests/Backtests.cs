using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction.Backtests;

/// <summary>Takes backtests, makes them durable, and runs them one after the other.</summary>
internal sealed class Backtests(BacktestRecords records, BacktestRun run, ModelLoader loader, IModels models, IDeployments deployments, TimeProvider time, ILogger<Backtests> logger)
    : BackgroundService, IBacktests
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Active> _active = new(StringComparer.Ordinal);
    private readonly Channel<Active> _queue = Channel.CreateUnbounded<Active>();
    private readonly SortableId _ids = new(time);

    public event Action<BacktestInfo>? Changed;

    public async Task<BacktestInfo> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = Complete(request);
        loader.Check(BacktestRun.Request(request, request.Model));
        if (request.Against is not null)
            loader.Check(BacktestRun.Request(request, request.Against));
        if (request.From >= request.To)
            throw new WorkflowException($"The backtest's time range from {request.From:O} to {request.To:O} is empty. Give a 'from' that is earlier than 'to'.");
        if (request.Limit <= 0)
            throw new WorkflowException($"The backtest's limit is {request.Limit}. Give 1 or more, or leave it out.");
        var info = new BacktestInfo { Id = _ids.Next("b"), State = BacktestState.Queued, Request = request, Created = time.GetUtcNow() };
        await records.SaveAsync(info).ConfigureAwait(false);
        Announce(info);
        Enqueue(info);
        return info;
    }

    public async Task<BacktestInfo> WaitAsync(string id, CancellationToken cancellationToken = default) => _active.TryGetValue(id, out Active? active)
        ? await active.Ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
        : records.Find(id) ?? throw new ArgumentException($"There is no backtest '{id}'.", nameof(id));

    public async Task<BacktestInfo?> CancelAsync(string id)
    {
        if (!_active.TryGetValue(id, out Active? active))
            return records.Find(id);
        await active.Cancel.CancelAsync().ConfigureAwait(false);
        if (active.TryTake())
            await EndAsync(active, active.Info with { State = BacktestState.Cancelled }).ConfigureAwait(false);
        return await active.Ended.Task.ConfigureAwait(false);
    }

    public BacktestInfo? Find(string id) => _active.TryGetValue(id, out Active? active) ? active.Info : records.Find(id);

    public IReadOnlyList<BacktestInfo> List() => [.. records.List().Select(i => _active.TryGetValue(i.Id, out Active? active) ? active.Info : i)];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (BacktestInfo info in records.Unfinished().Where(i => !_active.ContainsKey(i.Id)))
            Enqueue(info with { State = BacktestState.Queued, Progress = 0, Records = 0, Labelled = 0 });
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (Active active in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                if (active.TryTake())
                    await WorkAsync(active, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What has not ended runs again after the restart.
        }
        catch (Exception e)
        {
            Log.BacktestsEnded(logger, e);
        }
    }

    private BacktestRequest Complete(BacktestRequest request)
    {
        if (request.Deployment is { } id)
        {
            DeploymentInfo deployment = deployments.Find(id) ?? throw new WorkflowException($"There is no deployment '{id}'. Known: {string.Join(", ", deployments.List().Select(d => d.Id))}.");
            if (request.Feed is null && request.Inputs is null)
                request = request with { Feed = deployment.Request.Feed, Inputs = deployment.Request.Inputs, Tolerance = deployment.Request.Tolerance };
            request = request with { Fill = request.Fill ?? deployment.Request.Fill, Against = request.Against ?? deployment.Request.Model };
        }

        if (request.HeldOut && request.Feed is null && request.Inputs is null && models.Find(request.Model)?.Request is { } trained)
            request = request with { Feed = trained.Feed, Inputs = trained.Inputs };
        if (request.Against == request.Model)
            request = request with { Against = null };
        if (request.Against is not null && models.Find(request.Model) is { } model && models.Find(request.Against) is { } against && (model.Classes is null) != (against.Classes is null))
            throw new WorkflowException($"Model '{model.Id}' and model '{against.Id}' cannot be compared: one answers with classes, the other with numbers. Compare models of one kind.");
        return request;
    }

    private void Enqueue(BacktestInfo info)
    {
        var active = new Active(info);
        if (_active.TryAdd(info.Id, active))
            _queue.Writer.TryWrite(active);
    }

    private async Task WorkAsync(Active active, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, active.Cancel.Token);
        BacktestInfo ended;
        try
        {
            active.Info = active.Info with { State = BacktestState.Running };
            await records.SaveAsync(active.Info).ConfigureAwait(false);
            Announce(active.Info);
            long reported = time.GetTimestamp();
            ended = await run.RunAsync(
                active.Info,
                info =>
                {
                    active.Info = info;
                    if (time.GetElapsedTime(reported) >= ProgressInterval)
                    {
                        reported = time.GetTimestamp();
                        Announce(info);
                    }

                    return Task.CompletedTask;
                },
                either.Token).ConfigureAwait(false);
            ended = ended with { State = BacktestState.Succeeded, Progress = 1 };
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception) when (active.Cancel.IsCancellationRequested)
        {
            ended = active.Info with { State = BacktestState.Cancelled };
        }
        catch (Exception e)
        {
            if (e is not (WorkflowException or ArgumentException))
                Log.BacktestFailed(logger, active.Info.Id, e);
            ended = active.Info with { State = BacktestState.Failed, Reason = e.Message };
        }

        await EndAsync(active, ended).ConfigureAwait(false);
    }

    private async Task EndAsync(Active active, BacktestInfo info)
    {
        active.Info = info with { Ended = time.GetUtcNow() };
        try
        {
            await records.SaveAsync(active.Info).ConfigureAwait(false);
            _active.TryRemove(info.Id, out _);
        }
        catch (IOException e)
        {
            // It stays in memory as long as this host runs, and runs again after a restart.
            Log.BacktestFailed(logger, info.Id, e);
        }

        Announce(active.Info);
        active.Ended.TrySetResult(active.Info);
    }

    private void Announce(BacktestInfo info)
    {
        try
        {
            Changed?.Invoke(info);
        }
        catch (Exception e)
        {
            Log.HandlerFailed(logger, e);
        }
    }

    [SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without timer holds nothing, and disposing it would race with a late wish to cancel.")]
    private sealed class Active(BacktestInfo info)
    {
        private int _taken;
        private BacktestInfo _info = info;

        public BacktestInfo Info
        {
            get => Volatile.Read(ref _info);
            set => Volatile.Write(ref _info, value);
        }

        public CancellationTokenSource Cancel { get; } = new();

        public TaskCompletionSource<BacktestInfo> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Tells whether the caller is the first who deals with it.</summary>
        public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;
    }
}
