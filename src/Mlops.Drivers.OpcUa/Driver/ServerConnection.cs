using System.Collections.Frozen;
using Mlops.Data;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What stays while the connection to a server comes and goes: the session, its subscriptions, and the plans of feeds.</summary>
/// <remarks>
/// The task of <see cref="RunAsync"/> alone changes plans; it holds the gate while it does, and so does who makes records by them.
/// <see cref="Change"/> may be called on any thread.
/// </remarks>
internal sealed class ServerConnection(DriverSetup setup, IRecordSink sink, GapCounts gaps, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly HistoryFeed _history = new(sink, time);
    private volatile DriverSetup _wanted = setup;
    private volatile DriverSetup? _applied;
    private volatile TaskCompletionSource _changed = New();
    private volatile IReadOnlyList<FeedPlan> _plans = [];
    private volatile FrozenDictionary<uint, UaSubscription> _subscriptions = FrozenDictionary<uint, UaSubscription>.Empty;
    private FrozenDictionary<uint, FeedPlan> _planOf = FrozenDictionary<uint, FeedPlan>.Empty;
    private readonly List<uint> _leftOver = [];
    private uint _lastHandle;

    public UaSession? Session { get; private set; }

    /// <summary>Gets the settings that count now.</summary>
    public DriverSetup Setup => _wanted;

    /// <summary>Gets the nodes of all groups.</summary>
    public IEnumerable<WatchedNode> Nodes => _plans.SelectMany(p => p.Nodes);

    /// <summary>Gets what of the settings there is not on the server.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Occurs when there is something new to be said about how well it goes.</summary>
    public event Action? Looked;

    /// <summary>Takes other groups; what has not changed of them goes on without a break.</summary>
    public void Change(DriverSetup changed)
    {
        _wanted = changed;
        _changed.TrySetResult();
    }

    /// <summary>Goes on where the connection was lost, or begins anew with a session that is open.</summary>
    public async Task OpenAsync(UaSession session, CancellationToken cancel)
    {
        UaSession? old = Session;
        Session = session;
        bool goesOn = old is not null && ReferenceEquals(old, session);
        if (old is not null && !goesOn)
        {
            await old.DisposeAsync().ConfigureAwait(false);
            goesOn = await TransferAsync(session, cancel).ConfigureAwait(false);
        }

        // Half applied settings are applied from the start: what was made of them is not known for sure.
        if (!goesOn || _applied is null)
            await BeginAnewAsync(session, cancel).ConfigureAwait(false);
        if (!ReferenceEquals(_applied, _wanted))
            await ApplyAsync(session, cancel).ConfigureAwait(false);
    }

    /// <summary>Ends the session on the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Session is { } session)
        {
            Session = null;
            if (!session.Lost.IsCompleted)
                await session.CloseAsync().ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            await _history.RememberAsync(_plans).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It took too long to end; what was remembered last is a few seconds old.
        }

        foreach (FeedPlan plan in _plans)
            plan.Close();
        _gate.Dispose();
    }

    /// <summary>Moves values until the connection is lost.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        UaSession session = Session!;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] lasting =
        [
            ThrowWhenLostAsync(session, ended.Token),
            WatchServerAsync(session, ended.Token),
            new PublishLoop(session, () => _subscriptions, HandleAsync, gaps.Lose).RunAsync(ended.Token),
        ];
        try
        {
            while (true)
            {
                Task changed = _changed.Task;
                using var round = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
                Task[] periodic = [.. _plans.Select(p => Periodic(p, session, round.Token)).OfType<Task>()];
                Task first = await Task.WhenAny([.. lasting, .. periodic, changed]).ConfigureAwait(false);
                await round.CancelAsync().ConfigureAwait(false);
                await EndedAsync(periodic).ConfigureAwait(false);
                if (first != changed)
                    await first.ConfigureAwait(false);
                _changed = New();
                if (!ReferenceEquals(_applied, _wanted))
                    await ApplyAsync(session, ended.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await EndedAsync(lasting).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task EndedAsync(Task[] tasks) =>
        Task.WhenAll(tasks).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private static async Task ThrowWhenLostAsync(UaSession session, CancellationToken stop)
    {
        Exception reason = await session.Lost.WaitAsync(stop).ConfigureAwait(false);
        throw new UaException(StatusCodes.BadConnectionClosed, reason.Message, reason);
    }

    private Task? Periodic(FeedPlan plan, UaSession session, CancellationToken stop) =>
        plan is not ValuePlan values ? null
        : !plan.IsSubscribed ? ReadInCycleAsync(values, session, stop)
        : plan.Group.Heartbeat is { } heartbeat ? BeatAsync(values, heartbeat, stop)
        : null;

    // Keeps the session alive, and finds a server that does not answer although the connection stands.
    private async Task WatchServerAsync(UaSession session, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Watch, time, stop).ConfigureAwait(false);
            await session.ReadAsync([new AttributeOf(new NodeId(2259))], stop).ConfigureAwait(false);
            await _history.RememberAsync(_plans).ConfigureAwait(false);
            Looked?.Invoke();
        }
    }

    private async Task BeginAnewAsync(UaSession session, CancellationToken cancel)
    {
        uint[] unsure = _applied is null ? [.. _subscriptions.Keys, .. _leftOver] : [];
        if (unsure.Length > 0)
            await DeleteAsync(session, unsure, cancel).ConfigureAwait(false);
        _leftOver.Clear();
        await _history.RememberAsync(_plans).ConfigureAwait(false);
        foreach (FeedPlan plan in _plans)
            plan.Close();
        Use([]);
        _applied = null;
    }

    private async Task ApplyAsync(UaSession session, CancellationToken cancel)
    {
        DriverSetup wanted = _wanted;
        bool isFirst = _plans.Count == 0;
        var planner = new FeedPlanner(session, wanted.Settings, sink, gaps, () => ++_lastHandle, time);
        var next = new List<(FeedPlan Plan, FeedPlan? Before)>();
        foreach (DriverGroup group in wanted.Groups)
        {
            FeedPlan? before = _plans.FirstOrDefault(p => Continues(p, group.Settings));
            if (await planner.PlanAsync(group, before, cancel).ConfigureAwait(false) is not { } plan)
                continue;
            next.Add((plan, before));
            if (isFirst && plan is ValuePlan { Group.History: { } reach } values)
                planner.Report(await _history.FetchAsync(session, values, reach, cancel).ConfigureAwait(false));
        }

        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _applied = null;
            foreach (var (plan, before) in next.Where(n => n.Plan.IsSubscribed))
                await planner.SubscribeAsync(plan, before, cancel).ConfigureAwait(false);
            FeedPlan[] ended = [.. _plans.Where(p => p.Subscription is not null && next.All(n => n.Before != p))];
            if (ended.Length > 0)
                await DeleteAsync(session, [.. ended.Select(p => p.Subscription!.Id)], cancel).ConfigureAwait(false);
            foreach (var (plan, before) in next.Where(n => n.Before is not null))
                plan.TakeOver(before!);
            FeedPlan[] old = [.. _plans];
            Use([.. next.Select(n => n.Plan)]);
            foreach (FeedPlan plan in old)
                plan.Close();
            _applied = wanted;
        }
        finally
        {
            if (_applied is null)
                _leftOver.AddRange(planner.Made);
            _gate.Release();
        }

        Missing = planner.Missing;
        Looked?.Invoke();
    }

    private static bool Continues(FeedPlan plan, OpcUaGroupSettings group) =>
        plan.Group.Name == group.Name && (plan.Group.Events is null) == (group.Events is null) && plan.IsSubscribed == (group.Events is not null || group.Records != OpcUaRecords.Read);

    private void Use(IReadOnlyList<FeedPlan> plans)
    {
        _plans = plans;
        _planOf = plans.Where(p => p.Subscription is not null).ToFrozenDictionary(p => p.Subscription!.Id);
        _subscriptions = _planOf.ToFrozenDictionary(p => p.Key, p => p.Value.Subscription!);
    }

    private async Task<bool> TransferAsync(UaSession session, CancellationToken cancel)
    {
        if (!_wanted.Settings.TransferSubscriptions || _subscriptions.Count == 0)
            return false;
        uint[] ids = [.. _subscriptions.Keys];
        try
        {
            var results = await session.CallAsync(new TransferSubscriptionsRequest(ids, SendInitialValues: false), cancel).ConfigureAwait(false);
            if (results.Count == ids.Length && results.All(r => !r.Status.IsBad))
                return true;
            // What was taken over in part is made anew as a whole: nothing shall be reported twice.
            await DeleteAsync(session, ids, cancel).ConfigureAwait(false);
        }
        catch (UaException error) when (!session.Lost.IsCompleted && error.Status.IsBad)
        {
            // The server knows nothing of them any more, or cannot transfer.
        }

        return false;
    }

    private static async Task DeleteAsync(UaSession session, uint[] subscriptions, CancellationToken cancel) =>
        await session.CallAsync(new DeleteSubscriptionsRequest(subscriptions), cancel).ConfigureAwait(false);

    private async ValueTask HandleAsync(UaSubscription subscription, Notification notification, CancellationToken stop)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            gaps.Received(notification.Changes.Count + notification.Occurrences.Count);
            if (_planOf.TryGetValue(subscription.Id, out FeedPlan? plan) && plan.Take(notification) is { } batch)
                await WriteAsync(plan, batch, stop).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ReadInCycleAsync(ValuePlan plan, UaSession session, CancellationToken stop)
    {
        AttributeOf[] attributes = [.. plan.Nodes.Select(n => new AttributeOf(n.Id))];
        using var timer = new PeriodicTimer(plan.Interval, time);
        do
        {
            IReadOnlyList<DataValue> values = await session.ReadAsync(attributes, stop).ConfigureAwait(false);
            gaps.Received(values.Count);
            await WriteAsync(plan, plan.Assembler.Read(values), stop).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
    }

    private async Task BeatAsync(ValuePlan plan, TimeSpan heartbeat, CancellationToken stop)
    {
        while (true)
        {
            TimeSpan left = heartbeat - time.GetElapsedTime(plan.Written);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, stop).ConfigureAwait(false);
                continue;
            }

            await _gate.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                if (plan.Assembler.KnowsAny)
                    await WriteAsync(plan, plan.Assembler.Repeat(), stop).ConfigureAwait(false);
                else
                    plan.Written = time.GetTimestamp();
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private async ValueTask WriteAsync(FeedPlan plan, RecordBatch batch, CancellationToken stop)
    {
        using (batch)
        {
            plan.NewestTime = Math.Max(plan.NewestTime, batch.Timestamps[^1]);
            await sink.WriteAsync(batch, stop).ConfigureAwait(false);
        }

        plan.Written = time.GetTimestamp();
    }
}
