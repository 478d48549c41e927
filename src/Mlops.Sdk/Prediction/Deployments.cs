using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus.Publishing;
using Mlops.Metrics;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>Keeps the deployments: starts them, resumes them after a restart of the host, swaps their models, ends them.</summary>
internal sealed class Deployments(
    DeploymentCatalog catalog,
    ModelLoader loader,
    DatabusApp app,
    IFeedStore store,
    IFeedReader reader,
    ILiveTail tail,
    IRunMeter meter,
    PredictionInstruments instruments,
    IOptions<PredictionOptions> options,
    TimeProvider time,
    ILogger<Deployments> logger) : IDeployments, IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private Task _resuming = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (DeploymentRecord record in catalog.List())
            _entries[record.Id] = new Entry(record);
        _resuming = Task.WhenAll(_entries.Values.Where(e => !e.Record.Stopped).Select(e => ResumeAsync(e, _stop.Token)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _resuming.ConfigureAwait(false);
        await Task.WhenAll(_entries.Values.Select(e => e.Running).OfType<RunningDeployment>().Select(r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    public async Task<DeploymentInfo> StartAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string id = "d-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        if (request.Feed is not null)
            request = request with { Feed = FeedId.Normalize(request.Feed) };
        ModelInPlace model = await loader.LoadAsync(id, request, cancellationToken).ConfigureAwait(false);
        try
        {
            // Every record accepted from now on gets a higher position than this one.
            long position = await store.ReservePositionsAsync(1).ConfigureAwait(false);
            if (request.From is { } from)
                position = await FindPositionAsync(loader.FindFeed(request).Feed, from, position, cancellationToken).ConfigureAwait(false);
            var entry = new Entry(new DeploymentRecord(id, request, model.Answers.Feed, false, time.GetUtcNow()));
            var cursors = new StoreCommit();
            cursors.Cursors[CursorName(id)] = position;
            await store.CommitAsync(cursors, cancellationToken).ConfigureAwait(false);
            await catalog.SaveAsync(entry.Record).ConfigureAwait(false);
            await RunAsync(entry, model, position, cancellationToken).ConfigureAwait(false);
            _entries[id] = entry;
            return Describe(entry);
        }
        catch
        {
            await model.Predictor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<DeploymentInfo> SwapAsync(string id, string model, CancellationToken cancellationToken)
    {
        Entry entry = _entries.TryGetValue(id, out Entry? found) && !found.Record.Stopped ? found
            : throw new WorkflowException($"There is no running deployment '{id}'. Known: {string.Join(", ", _entries.Keys)}.");
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RunningDeployment running = entry.Running ?? throw new WorkflowException($"Deployment '{id}' is still loading. Try again when it runs.");
            DeploymentRequest request = entry.Record.Request with { Model = model };
            ModelInPlace next = await loader.LoadAsync(id, request, cancellationToken).ConfigureAwait(false);
            entry.Record = entry.Record with { Request = request };
            await catalog.SaveAsync(entry.Record).ConfigureAwait(false);
            entry.Mode = next.Predictor.Mode;
            await running.Runner.SwapAsync(next, cancellationToken).ConfigureAwait(false);
            Log.Swapped(logger, id, model, entry.Mode);
            return Describe(entry);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<bool> StopAsync(string id)
    {
        if (!_entries.TryGetValue(id, out Entry? entry) || entry.Record.Stopped)
            return false;
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            entry.Record = entry.Record with { Stopped = true };
            await catalog.SaveAsync(entry.Record).ConfigureAwait(false);
            if (entry.Running is { } running)
            {
                entry.Running = null;
                await running.DisposeAsync().ConfigureAwait(false);
            }

            if (entry.Collection is { } collection)
                await app.RemoveAsync(collection, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    public DeploymentInfo? Find(string id) => _entries.TryGetValue(id, out Entry? entry) ? Describe(entry) : null;

    public IReadOnlyList<DeploymentInfo> List() => [.. _entries.Values.OrderBy(e => e.Record.Created).Select(Describe)];

    /// <summary>Returns when the answer for a record was published, as far as it is remembered.</summary>
    internal DateTimeOffset? PublishedAt(string id, long row) =>
        _entries.TryGetValue(id, out Entry? entry) ? entry.Running?.Publisher?.PublishedAt(row) : null;

    public void Dispose()
    {
        _stop.Dispose();
        _changing.Dispose();
    }

    internal static string CursorName(string id) => $"predict:{id}";

    private async Task ResumeAsync(Entry entry, CancellationToken stop)
    {
        await Task.Yield();
        TimeSpan delay = TimeSpan.FromSeconds(1);
        while (!stop.IsCancellationRequested && !entry.Record.Stopped)
        {
            try
            {
                ModelInPlace model = await loader.LoadAsync(entry.Record.Id, entry.Record.Request, stop).ConfigureAwait(false);
                await RunAsync(entry, model, store.GetCursor(CursorName(entry.Record.Id)) ?? 0, stop).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                entry.Reason = e.Message;
                Log.ResumeFailed(logger, entry.Record.Id, e.Message, delay);
            }

            try
            {
                await Task.Delay(delay, time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.Value.MaxRetryDelay.Ticks));
        }
    }

    private async Task RunAsync(Entry entry, ModelInPlace model, long position, CancellationToken cancellationToken)
    {
        string id = entry.Record.Id;
        DeploymentRequest request = entry.Record.Request;
        string feed = loader.FindFeed(request).Feed;
        FeedOrigin origin = loader.Origin(id, request);
        IReadOnlyList<FeedField> published = [.. model.Predictor.Output.Fields, new FeedField(PredictionSchema.Model, FieldType.Text)];
        entry.Collection = await app.AddAsync(origin.Connection, origin.Collection, published, [new FeedField(LabelWriteHandler.Field, FieldType.Text)], cancellationToken).ConfigureAwait(false);
        var writer = new AnswerWriter(id, feed, CursorName(id), store, reader, options.Value, time, logger);
        var runner = new DeploymentRunner(id, feed, request.Delivery, store, reader, tail, writer, instruments, options.Value, time, logger);
        AnswerPublisher? publisher = app.Bus is null ? null
            : new AnswerPublisher(id, feed, model.Answers.Feed, request.MaxAge, app, entry.Collection, store, reader, instruments, options.Value, time, logger);
        var running = new RunningDeployment(id, runner, writer, publisher, meter.Begin(), time, logger);
        running.Start(model, position);
        entry.Mode = model.Predictor.Mode;
        entry.Reason = null;
        entry.Running = running;
        Log.Started(logger, id, feed, model.Info.Id, entry.Mode, position);
    }

    private async Task<long> FindPositionAsync(string feed, DateTimeOffset from, long otherwise, CancellationToken cancellationToken)
    {
        var query = new FeedQuery { Feed = feed, From = EpochTime.FromDateTimeOffset(from), Limit = 1 };
        await foreach (RecordBatch first in store.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (first)
                return first.Positions[0] - 1;
        }

        return otherwise;
    }

    private DeploymentInfo Describe(Entry entry)
    {
        RunningDeployment? running = entry.Running;
        string? fault = running is null ? entry.Reason : running.Runner.Fault;
        return new DeploymentInfo
        {
            Id = entry.Record.Id,
            Request = entry.Record.Request,
            State = entry.Record.Stopped ? DeploymentState.Stopped
                : fault is not null ? DeploymentState.Faulted
                : running is null ? DeploymentState.Loading : DeploymentState.Running,
            Reason = fault,
            Mode = entry.Mode,
            PredictionFeed = entry.Record.PredictionFeed,
            Topic = entry.Collection?.Topic ?? "",
            Position = running?.Writer.Position ?? store.GetCursor(CursorName(entry.Record.Id)) ?? 0,
            Answered = running?.Runner.Answered ?? 0,
            Measurements = running?.Measurements,
            Created = entry.Record.Created,
        };
    }

    private sealed class Entry(DeploymentRecord record)
    {
        public DeploymentRecord Record { get; set; } = record;

        public RunningDeployment? Running { get; set; }

        public DatabusCollection? Collection { get; set; }

        public string Mode { get; set; } = "";

        public string? Reason { get; set; }
    }
}
