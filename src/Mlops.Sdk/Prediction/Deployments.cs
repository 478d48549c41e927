using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus.Publishing;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Drift;
using Mlops.Prediction.Quality;
using Mlops.Store;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>Keeps the deployments: starts them, resumes them after a restart of the host, changes their models, ends them.</summary>
internal sealed class Deployments(
    DeploymentCatalog catalog,
    DeploymentLauncher launcher,
    ModelLoader loader,
    DatabusApp app,
    QualityBoard quality,
    DriftReporter drift,
    PredictionInstruments instruments,
    IFeedStore store,
    IFeedReader reader,
    IOptions<PredictionOptions> options,
    TimeProvider time,
    ILogger<Deployments> logger) : IDeployments, IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, DeploymentEntry> _entries = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private Task _resuming = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        QualityGauges.Show(instruments, quality, () => Live);
        DriftReporter.Show(instruments, () => Live);
        foreach (DeploymentRecord record in catalog.List())
            _entries[record.Id] = new DeploymentEntry(record);
        _resuming = Task.WhenAll(_entries.Values.Where(e => !e.Record.Stopped).Select(e => ResumeAsync(e, _stop.Token)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _resuming.ConfigureAwait(false);
        await Task.WhenAll(_entries.Values.Select(e => e.Candidate).OfType<RunningCandidate>().Select(r => r.EndWithDeploymentAsync().AsTask())).ConfigureAwait(false);
        await Task.WhenAll(_entries.Values.Select(e => e.Running).OfType<RunningDeployment>().Select(r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    public async Task<DeploymentInfo> StartAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string id = "d-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        request = request with { Feed = loader.FindFeed(request).Feed };
        ModelInPlace model = await loader.LoadAsync(id, request, shadow: false, cancellationToken).ConfigureAwait(false);
        try
        {
            // Every record accepted from now on gets a higher position than this one.
            long position = await store.ReservePositionsAsync(1).ConfigureAwait(false);
            if (request.From is { } from)
                position = await FindPositionAsync(loader.FindFeed(request).Feed, from, position, cancellationToken).ConfigureAwait(false);
            var entry = new DeploymentEntry(new DeploymentRecord(id, request, [request.Model], null, model.Answers.Feed, false, time.GetUtcNow()));
            await catalog.SaveAsync(entry.Record, LifecycleAction.Started, request.Model, request.Author, db => TallyRows.MoveCursor(db, DeploymentLauncher.Cursor(id), position)).ConfigureAwait(false);
            await launcher.LaunchAsync(entry, model, position, cancellationToken).ConfigureAwait(false);
            _entries[id] = entry;
            return Describe(entry);
        }
        catch
        {
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<DeploymentInfo> SwapAsync(string id, string model, string? author, CancellationToken cancellationToken) => ChangeAsync(
        id, (entry, running) => SwitchAsync(entry, running, entry.Record.With(model), LifecycleAction.Swapped, author, cancellationToken), cancellationToken);

    public Task<DeploymentInfo> RollbackAsync(string id, string? author, CancellationToken cancellationToken) => ChangeAsync(
        id,
        (entry, running) => entry.Record.PreviousModel is null
            ? throw new WorkflowException($"Deployment '{id}' has no model before '{entry.Record.Request.Model}' to go back to. Swap in the model that is wanted.")
            : SwitchAsync(entry, running, entry.Record.Back(), LifecycleAction.RolledBack, author, cancellationToken),
        cancellationToken);

    public Task<DeploymentInfo> PromoteAsync(string id, string? author, CancellationToken cancellationToken) => ChangeAsync(
        id,
        async (entry, running) =>
        {
            CandidateRecord candidate = Candidate(entry);
            await SwitchAsync(entry, running, entry.Record.With(candidate.Model) with { Candidate = null }, LifecycleAction.Promoted, author, cancellationToken).ConfigureAwait(false);
            await EndAsync(entry).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<DeploymentInfo> StartCandidateAsync(string id, CandidateRequest candidate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Kind == CandidateKind.Canary && !(candidate.Share is > 0 and <= 1))
            throw new WorkflowException($"The canary of deployment '{id}' is to answer a share of {candidate.Share} of the records. Give a share above 0 and up to 1.");
        return ChangeAsync(
            id,
            async (entry, _) =>
            {
                if (candidate.Model == entry.Record.Request.Model)
                    throw new WorkflowException($"Model '{candidate.Model}' is the production model of deployment '{id}' already. Try another one beside it.");
                bool shadow = candidate.Kind == CandidateKind.Shadow;
                ModelInPlace model = await loader.LoadAsync(id, entry.Record.Request with { Model = candidate.Model }, shadow, cancellationToken).ConfigureAwait(false);
                try
                {
                    RequireComparable(entry, model);
                    await EndAsync(entry).ConfigureAwait(false);

                    // It sees every record accepted from now on.
                    long position = await store.ReservePositionsAsync(1).ConfigureAwait(false);
                    DeploymentRecord record = entry.Record with
                    {
                        Candidate = new CandidateRecord(candidate.Model, candidate.Kind, shadow ? 1 : candidate.Share, model.Answers.Feed, time.GetUtcNow()),
                    };
                    await catalog.SaveAsync(record, LifecycleAction.CandidateStarted, candidate.Model, candidate.Author, db =>
                    {
                        TallyRows.Forget(db, id, AgreementFollower.Role);
                        foreach (string cursor in (string[])[DeploymentLauncher.ShadowCursor(id), AgreementFollower.ProductionCursor(id), AgreementFollower.ShadowCursor(id)])
                            TallyRows.MoveCursor(db, cursor, position);
                    }).ConfigureAwait(false);
                    entry.Record = record;
                    await launcher.LaunchCandidateAsync(entry, model, cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    await model.DisposeAsync().ConfigureAwait(false);
                    throw;
                }
            },
            cancellationToken);
    }

    public Task<DeploymentInfo> EndCandidateAsync(string id, string? author, CancellationToken cancellationToken) => ChangeAsync(
        id,
        async (entry, _) =>
        {
            CandidateRecord candidate = Candidate(entry);
            DeploymentRecord record = entry.Record with { Candidate = null };
            await catalog.SaveAsync(record, LifecycleAction.CandidateEnded, candidate.Model, author).ConfigureAwait(false);
            entry.Record = record;
            await EndAsync(entry).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task<bool> StopAsync(string id, string? author)
    {
        if (!_entries.TryGetValue(id, out DeploymentEntry? entry) || entry.Record.Stopped)
            return false;
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            DeploymentRecord record = entry.Record with { Stopped = true, Candidate = null };
            await catalog.SaveAsync(record, LifecycleAction.Stopped, entry.Record.Request.Model, author).ConfigureAwait(false);
            entry.Record = record;
            if (entry.Candidate is { } candidate)
            {
                entry.Candidate = null;
                await candidate.EndWithDeploymentAsync().ConfigureAwait(false);
            }

            if (entry.Running is { } running)
            {
                entry.Running = null;
                await running.DisposeAsync().ConfigureAwait(false);
            }

            quality.Remove(id);
            if (entry.Collection is { } collection)
                await app.RemoveAsync(collection, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    public DeploymentInfo? Find(string id) => _entries.TryGetValue(id, out DeploymentEntry? entry) ? Describe(entry) : null;

    public IReadOnlyList<DeploymentInfo> List() => [.. _entries.Values.OrderBy(e => e.Record.Created).Select(Describe)];

    /// <summary>Returns the deployments that run or are to run.</summary>
    internal IEnumerable<DeploymentEntry> Live => _entries.Values.Where(e => !e.Record.Stopped);

    /// <summary>Lets somebody use the production model of a deployment between two batches of its records.</summary>
    /// <exception cref="WorkflowException">It does not run.</exception>
    internal Task BorrowAsync(string id, Func<ModelInPlace, Task> use, CancellationToken cancellationToken) =>
        _entries.TryGetValue(id, out DeploymentEntry? entry) && entry.Running is { } running
            ? running.Runner.BorrowAsync(use, cancellationToken)
            : throw new WorkflowException($"Deployment '{id}' does not run.{(entry?.Reason is { } reason ? " " + reason : " Wait until it has loaded.")}");

    /// <summary>Returns when the answer for a record was published, as far as it is remembered.</summary>
    internal DateTimeOffset? PublishedAt(string id, long row) =>
        _entries.TryGetValue(id, out DeploymentEntry? entry) ? entry.Running?.Publisher?.PublishedAt(row) : null;

    public void Dispose()
    {
        _stop.Dispose();
        _changing.Dispose();
    }

    private static CandidateRecord Candidate(DeploymentEntry entry) => entry.Record.Candidate
        ?? throw new WorkflowException($"Deployment '{entry.Id}' tries no candidate. Start one first.");

    private static async Task EndAsync(DeploymentEntry entry)
    {
        RunningCandidate? candidate = entry.Candidate;
        (entry.Candidate, entry.CandidateReason) = (null, null);
        if (candidate is not null)
            await candidate.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<DeploymentInfo> ChangeAsync(string id, Func<DeploymentEntry, RunningDeployment, Task> change, CancellationToken cancellationToken)
    {
        DeploymentEntry entry = _entries.TryGetValue(id, out DeploymentEntry? found) ? found
            : throw new WorkflowException($"There is no deployment '{id}'. Known: {string.Join(", ", _entries.Keys)}.");
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (entry.Record.Stopped)
                throw new WorkflowException($"Deployment '{id}' was ended. Start another one.");
            await change(entry, entry.Running ?? throw new WorkflowException($"Deployment '{id}' is still loading. Try again when it runs.")).ConfigureAwait(false);
            return Describe(entry);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Loads and warms the model of a record, remembers it, and lets it take over between two batches.</summary>
    private async Task SwitchAsync(DeploymentEntry entry, RunningDeployment running, DeploymentRecord record, string action, string? author, CancellationToken cancellationToken)
    {
        ModelInPlace next = await loader.LoadAsync(entry.Id, record.Request, shadow: false, cancellationToken).ConfigureAwait(false);
        try
        {
            await catalog.SaveAsync(record, action, record.Request.Model, author).ConfigureAwait(false);
        }
        catch
        {
            await next.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        // What is remembered is what happens: from here on nobody gives up.
        entry.Record = record;
        (entry.AnswerField, entry.LabelSet) = (next.AnswerField, next.LabelSet);
        drift.Attach(entry, next);
        await running.Runner.SwapAsync(next, CancellationToken.None).ConfigureAwait(false);
        Log.Swapped(logger, entry.Id, record.Request.Model, next.Predictor.Mode);
    }

    private void RequireComparable(DeploymentEntry entry, ModelInPlace model)
    {
        FeedSchema? production = store.Find(entry.Record.PredictionFeed);
        foreach (FeedField field in model.Predictor.Output.Fields)
        {
            int index = production?.IndexOf(field.Name) ?? -1;
            if (index >= 0 && production!.Fields[index].Type != field.Type)
            {
                throw new WorkflowException(
                    $"Model '{model.Info.Id}' answers '{field.Name}' as {field.Type}, the production model '{entry.Record.Request.Model}' of deployment '{entry.Id}' as {production.Fields[index].Type}, so they cannot be tried side by side. Start a deployment of its own for it.");
            }
        }
    }

    private async Task ResumeAsync(DeploymentEntry entry, CancellationToken stop)
    {
        await Task.Yield();
        await RepeatAsync(
            async () =>
            {
                ModelInPlace model = await loader.LoadAsync(entry.Id, entry.Record.Request, shadow: false, stop).ConfigureAwait(false);
                await launcher.LaunchAsync(entry, model, store.GetCursor(DeploymentLauncher.Cursor(entry.Id)) ?? 0, stop).ConfigureAwait(false);
            },
            () => !entry.Record.Stopped && entry.Running is null,
            (e, delay) =>
            {
                entry.Reason = e.Message;
                Log.ResumeFailed(logger, entry.Id, e.Message, delay);
            },
            stop).ConfigureAwait(false);

        await RepeatAsync(
            () => ResumeCandidateAsync(entry, stop),
            () => entry.Record.Candidate is not null && entry.Candidate is null,
            (e, delay) =>
            {
                entry.CandidateReason = e.Message;
                Log.CandidateNotResumed(logger, entry.Id, entry.Record.Candidate?.Model ?? "", e.Message, delay);
            },
            stop).ConfigureAwait(false);
    }

    // Somebody may change the candidate while it is being resumed.
    private async Task ResumeCandidateAsync(DeploymentEntry entry, CancellationToken stop)
    {
        await _changing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (entry.Record.Candidate is not { } candidate || entry.Candidate is not null)
                return;
            ModelInPlace model = await loader.LoadAsync(
                entry.Id, entry.Record.Request with { Model = candidate.Model }, candidate.Kind == CandidateKind.Shadow, stop).ConfigureAwait(false);
            await launcher.LaunchCandidateAsync(entry, model, stop).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task RepeatAsync(Func<Task> attempt, Func<bool> wanted, Action<Exception, TimeSpan> failed, CancellationToken stop)
    {
        TimeSpan delay = TimeSpan.FromSeconds(1);
        while (!stop.IsCancellationRequested && wanted())
        {
            try
            {
                await attempt().ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                failed(e, delay);
            }

            await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.Value.MaxRetryDelay.Ticks));
        }
    }

    private async Task<long> FindPositionAsync(string feed, DateTimeOffset from, long otherwise, CancellationToken cancellationToken)
    {
        var query = new FeedQuery { Feed = feed, From = EpochTime.FromDateTimeOffset(from), Limit = 1 };
        await foreach (RecordBatch first in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (first)
                return first.Positions[0] - 1;
        }

        return otherwise;
    }

    private DeploymentInfo Describe(DeploymentEntry entry)
    {
        RunningDeployment? running = entry.Running;
        IPredictor? predictor = running?.Runner.Predictor;
        string? fault = running is null ? entry.Reason : running.Runner.Fault;
        return new DeploymentInfo
        {
            Id = entry.Id,
            Request = entry.Record.Request,
            State = entry.Record.Stopped ? DeploymentState.Stopped
                : fault is not null ? DeploymentState.Faulted
                : running is null ? DeploymentState.Loading : DeploymentState.Running,
            Reason = fault,
            Mode = predictor?.Mode ?? "",
            ModeReason = predictor?.ModeReason,
            Memory = predictor?.Memory,
            Interruption = predictor?.Interruption,
            PreviousModel = entry.Record.PreviousModel,
            Candidate = entry.Record.Candidate is { } candidate ? Describe(entry, candidate) : null,
            Quality = quality.Of(entry.Id),
            Drift = running?.Runner.Drift,
            PredictionFeed = entry.Record.PredictionFeed,
            Topic = entry.Collection?.Topic ?? "",
            Position = running?.Writer.Position ?? store.GetCursor(DeploymentLauncher.Cursor(entry.Id)) ?? 0,
            Answered = running?.Runner.Answered ?? 0,
            Measurements = running?.Measurements,
            Created = entry.Record.Created,
        };
    }

    private static CandidateInfo Describe(DeploymentEntry entry, CandidateRecord candidate) => new()
    {
        Model = candidate.Model,
        Kind = candidate.Kind,
        Share = candidate.Share,
        PredictionFeed = candidate.PredictionFeed,
        Since = candidate.Since,
        Reason = entry.Candidate?.Fault ?? entry.CandidateReason,
        Answered = entry.Candidate?.Answered ?? 0,
        Agreement = entry.Candidate?.Agreement?.Figures,
    };
}
