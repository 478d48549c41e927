using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>Keeps triggers, fires them, and brings each retraining to its end.</summary>
/// <remarks>
/// A trigger fires in one transaction, which moves its schedule and its marks and begins the retraining: never twice for one reason,
/// also over a crash. One retraining of a trigger at a time; whatever falls due meanwhile waits and counts once.
/// </remarks>
internal sealed class Retrainings(
    RetrainingRows rows,
    RetrainingJournal journal,
    TriggerCheck check,
    TriggerConditions conditions,
    NewLabelCount labels,
    RetrainingSteps steps,
    PredictionInstruments instruments,
    TimeProvider time,
    ILogger<Retrainings> logger) : IRetraining, IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, TriggerRecord> _triggers = new(rows.Triggers().ToDictionary(t => t.Id), StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TriggerLook> _looks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ActiveRetraining> _active = new(rows.Unended().ToDictionary(i => i.Id, i => new ActiveRetraining(i)), StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly SortableId _ids = new(time);

    public event Action<RetrainingInfo>? Changed
    {
        add => journal.Changed += value;
        remove => journal.Changed -= value;
    }

    /// <summary>Goes on with what the last run of the host has left.</summary>
    public void Resume()
    {
        foreach (ActiveRetraining active in _active.Values)
            Begin(active);
    }

    /// <summary>Looks at all triggers once and fires those that are to.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (TriggerRecord trigger in _triggers.Values.Where(t => t.Enabled))
        {
            try
            {
                await LookAsync(trigger, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.TriggerFailed(logger, trigger.Id, e);
            }
        }
    }

    /// <summary>Ends all work; it goes on after a restart.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_active.Values.Select(a => a.Work)).ConfigureAwait(false);
    }

    public Task<TriggerInfo> AddAsync(TriggerRequest request, string? author = null, CancellationToken cancellationToken = default) =>
        PutAsync(new TriggerRecord(_ids.Next("tr"), Normalize(request), Enabled: true, time.GetUtcNow()), LifecycleAction.TriggerAdded, author, cancellationToken);

    public Task<TriggerInfo> ChangeAsync(string id, TriggerRequest request, string? author = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(id, trigger => PutAsync(trigger with { Request = Normalize(request) }, LifecycleAction.TriggerChanged, author, cancellationToken));

    public Task<TriggerInfo> EnableAsync(string id, bool enabled, string? author = null) => ChangeAsync(id, async trigger =>
    {
        if (trigger.Enabled == enabled)
            return Describe(trigger);
        trigger = trigger with { Enabled = enabled, Due = enabled ? ScheduleTimes.Next(trigger.Request.Schedule, time.GetUtcNow()) : null, Held = new Dictionary<string, DateTimeOffset>() };
        await journal.SaveAsync(trigger, enabled ? LifecycleAction.TriggerEnabled : LifecycleAction.TriggerDisabled, author).ConfigureAwait(false);
        return Describe(Set(trigger));
    });

    public async Task<bool> DeleteAsync(string id, string? author = null)
    {
        bool deleted = _triggers.ContainsKey(id) && await ChangeAsync(id, async trigger =>
        {
            await journal.DeleteAsync(trigger, author).ConfigureAwait(false);
            _looks.TryRemove(id, out _);
            return _triggers.TryRemove(id, out _);
        }).ConfigureAwait(false);
        if (deleted && Running(id) is { } active)
            await CancelAsync(active.Info.Id, author).ConfigureAwait(false);
        return deleted;
    }

    public Task<RetrainingInfo> RunAsync(string id, string? author = null) => ChangeAsync(id, trigger => Running(id) is { Info: var info }
        ? throw new WorkflowException($"Retraining '{info.Id}' of trigger '{id}' has not ended ({info.State}). {(info.State == RetrainingState.AwaitingApproval ? "Approve or reject it first." : "Wait for it, or cancel it.")}")
        : FireAsync(trigger, [author is null ? "run now" : $"run now by {author}"], author));

    public Task<RetrainingInfo> ApproveAsync(string retraining, string? author = null) =>
        DecideAsync(retraining, info => info with { State = RetrainingState.Releasing, DecidedBy = author }, LifecycleAction.Approved);

    public Task<RetrainingInfo> RejectAsync(string retraining, string? author = null, string? reason = null) =>
        DecideAsync(retraining, info => info with { State = RetrainingState.Rejected, DecidedBy = author, Reason = reason, Ended = time.GetUtcNow() }, LifecycleAction.Rejected);

    public async Task<RetrainingInfo?> CancelAsync(string retraining, string? author = null)
    {
        if (!_active.TryGetValue(retraining, out ActiveRetraining? active))
            return rows.Find(retraining);
        await active.Cancel.CancelAsync().ConfigureAwait(false);
        await steps.CancelAsync(active.Info).ConfigureAwait(false);
        await active.Work.ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!active.Info.HasEnded)
                await EndAsync(active, active.Info with { State = RetrainingState.Cancelled, Reason = $"{author ?? "Somebody"} cancelled it." }).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }

        return active.Info;
    }

    public TriggerInfo? Find(string id) => _triggers.TryGetValue(id, out TriggerRecord? trigger) ? Describe(trigger) : null;

    public IReadOnlyList<TriggerInfo> List() => [.. _triggers.Values.OrderBy(t => t.Id, StringComparer.Ordinal).Select(Describe)];

    public RetrainingInfo? FindRetraining(string id) => _active.TryGetValue(id, out ActiveRetraining? active) ? active.Info : rows.Find(id);

    IReadOnlyList<RetrainingInfo> IRetraining.Retrainings(string? trigger, int limit) =>
        [.. rows.List(trigger, limit).Select(i => _active.TryGetValue(i.Id, out ActiveRetraining? active) ? active.Info : i)];

    public void Dispose()
    {
        _stop.Dispose();
        _changing.Dispose();
    }

    private static TriggerRequest Normalize(TriggerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Training is { } training ? request with { Training = training with { Params = ParameterBinding.Normalize(training.Params) } } : request;
    }

    private async Task<TriggerInfo> PutAsync(TriggerRecord trigger, string action, string? author, CancellationToken cancellationToken)
    {
        TrainingPlan plan = check.Check(trigger.Request);
        cancellationToken.ThrowIfCancellationRequested();
        trigger = trigger with
        {
            Due = trigger.Enabled ? ScheduleTimes.Next(trigger.Request.Schedule, time.GetUtcNow()) : null,
            Mark = labels.Now(plan.Selection.Feed),
            Held = new Dictionary<string, DateTimeOffset>(),
        };
        await journal.SaveAsync(trigger, action, author).ConfigureAwait(false);
        return Describe(Set(trigger));
    }

    private async Task LookAsync(TriggerRecord trigger, CancellationToken cancellationToken)
    {
        TriggerLook look = await conditions.LookAsync(trigger, cancellationToken).ConfigureAwait(false);
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Somebody may have changed it meanwhile; then it is looked at again next time.
            if (_triggers.GetValueOrDefault(trigger.Id) != trigger)
                return;
            if (look.Problem is not null && _looks.GetValueOrDefault(trigger.Id)?.Problem != look.Problem)
                Log.TriggerHindered(logger, trigger.Id, trigger.Request.Name, look.Problem);
            _looks[trigger.Id] = look;
            string[] reasons = [.. look.Conditions.Where(c => c.Met).Select(c => $"{c.Kind}: {c.Text}")];
            bool may = look.Problem is null && Running(trigger.Id) is null && !(trigger.CoolsUntil > time.GetUtcNow());
            if (reasons.Length > 0 && may)
            {
                await FireAsync(trigger, reasons, author: null).ConfigureAwait(false);
            }
            else if (!look.Held.OrderBy(h => h.Key, StringComparer.Ordinal).SequenceEqual(trigger.Held.OrderBy(h => h.Key, StringComparer.Ordinal)))
            {
                trigger = trigger with { Held = look.Held };
                await rows.SaveAsync(trigger).ConfigureAwait(false);
                _triggers[trigger.Id] = trigger;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<RetrainingInfo> FireAsync(TriggerRecord trigger, IReadOnlyList<string> reasons, string? author)
    {
        DateTimeOffset now = time.GetUtcNow();
        string feed = check.Check(trigger.Request).Selection.Feed;
        var info = new RetrainingInfo
        {
            Id = _ids.Next("r"),
            Trigger = trigger.Id,
            State = RetrainingState.Training,
            Request = trigger.Request,
            Reasons = reasons,
            Author = author,
            Fired = now,
        };
        trigger = trigger with
        {
            Fired = now,
            Due = trigger.Enabled ? ScheduleTimes.Next(trigger.Request.Schedule, now) : null,
            Mark = labels.Now(feed),
            Held = new Dictionary<string, DateTimeOffset>(),
        };
        await journal.SaveFiredAsync(trigger, info).ConfigureAwait(false);
        Set(trigger);
        instruments.Retrainings.Add(1, new KeyValuePair<string, object?>("trigger", trigger.Id));
        Log.TriggerFired(logger, trigger.Id, trigger.Request.Name, string.Join("; ", reasons), info.Id);
        var active = new ActiveRetraining(info);
        _active[info.Id] = active;
        Begin(active);
        return info;
    }

    private void Begin(ActiveRetraining active) => active.Work = Task.Run(() => WorkAsync(active));

    private async Task WorkAsync(ActiveRetraining active)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, active.Cancel.Token);
        while (active.Info is { HasEnded: false, State: not RetrainingState.AwaitingApproval } info && !either.IsCancellationRequested)
        {
            try
            {
                RetrainingInfo next = await steps.NextAsync(info, i => SaveAsync(active, i), either.Token).ConfigureAwait(false);
                await (next.HasEnded ? EndAsync(active, next) : SaveAsync(active, next)).ConfigureAwait(false);
            }
            catch (Exception) when (either.IsCancellationRequested)
            {
                // The host stops, and it goes on after the restart; or somebody cancels it, who ends it.
            }
            catch (IOException e)
            {
                Log.RetrainingDelayed(logger, info.Id, e.Message, RetryDelay);
                await Task.Delay(RetryDelay, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                if (e is not WorkflowException)
                    Log.RetrainingFailed(logger, info.Id, e);
                await EndAsync(active, active.Info with { State = RetrainingState.Failed, Reason = e.Message }).ConfigureAwait(false);
            }
        }
    }

    private Task SaveAsync(ActiveRetraining active, RetrainingInfo info) => journal.SaveAsync(active, info);

    private async Task EndAsync(ActiveRetraining active, RetrainingInfo info)
    {
        info = info with { Ended = time.GetUtcNow() };
        try
        {
            await journal.SaveAsync(active, info).ConfigureAwait(false);
            Log.RetrainingEnded(logger, info.Id, info.State, info.Reason ?? "");
        }
        catch (IOException e)
        {
            // As long as this host runs it has ended; after a restart it is found where it was stored last.
            Log.RetrainingDelayed(logger, info.Id, e.Message, RetryDelay);
        }

        active.Info = info;
        _active.TryRemove(info.Id, out _);
    }

    private async Task<RetrainingInfo> DecideAsync(string id, Func<RetrainingInfo, RetrainingInfo> decide, string action)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_active.TryGetValue(id, out ActiveRetraining? active) || active.Info.State != RetrainingState.AwaitingApproval)
                throw new WorkflowException(FindRetraining(id) is { } other ? $"Retraining '{id}' does not wait for approval: it is {other.State}." : $"There is no retraining '{id}'.");
            RetrainingInfo info = decide(active.Info);
            await journal.SaveAsync(active, info, action).ConfigureAwait(false);
            if (info.HasEnded)
                _active.TryRemove(id, out _);
            else
                Begin(active);
            return info;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<T> ChangeAsync<T>(string id, Func<TriggerRecord, Task<T>> change)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            return await change(_triggers.TryGetValue(id, out TriggerRecord? trigger) ? trigger
                : throw new WorkflowException($"There is no trigger '{id}'. Known: {(_triggers.IsEmpty ? "none" : string.Join(", ", _triggers.Keys.Order(StringComparer.Ordinal)))}.")).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private TriggerRecord Set(TriggerRecord trigger)
    {
        _looks.TryRemove(trigger.Id, out _);
        return _triggers[trigger.Id] = trigger;
    }

    private ActiveRetraining? Running(string trigger) => _active.Values.FirstOrDefault(a => a.Info.Trigger == trigger);

    private TriggerInfo Describe(TriggerRecord trigger)
    {
        TriggerLook? look = _looks.GetValueOrDefault(trigger.Id);
        return new TriggerInfo
        {
            Id = trigger.Id,
            Request = trigger.Request,
            Enabled = trigger.Enabled,
            Created = trigger.Created,
            Due = trigger.Due,
            Fired = trigger.Fired,
            CoolsUntil = trigger.CoolsUntil is { } until && until > time.GetUtcNow() ? until : null,
            Conditions = look?.Conditions ?? [],
            Problem = look?.Problem ?? (Running(trigger.Id) is { Info.State: RetrainingState.AwaitingApproval } waiting ? $"Retraining '{waiting.Info.Id}' waits for approval." : null),
            Last = rows.List(trigger.Id, 1).SingleOrDefault(),
        };
    }
}
