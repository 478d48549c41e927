using System.Collections.Frozen;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What of the settings there is on the server: plans of feeds, and the subscriptions that they are made by.</summary>
/// <remarks>Changed by the task of <see cref="ServerConnection.RunAsync"/> alone; it holds the gate while it does, and so does who makes records by the plans.</remarks>
internal sealed class AppliedPlans(IRecordSink sink, GapCounts gaps, TimeProvider time) : IDisposable
{
    private readonly HistoryFeed _history = new(sink, time);
    private readonly List<uint> _leftOver = [];
    private volatile DriverSetup? _applied;
    private volatile IReadOnlyList<FeedPlan> _all = [];
    private volatile FrozenDictionary<uint, UaSubscription> _subscriptions = FrozenDictionary<uint, UaSubscription>.Empty;
    private FrozenDictionary<uint, FeedPlan> _planOf = FrozenDictionary<uint, FeedPlan>.Empty;
    private uint _lastHandle;

    /// <summary>Gets what lets one at a time change the plans, or make records by them.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    public IReadOnlyList<FeedPlan> All => _all;

    public IReadOnlyDictionary<uint, UaSubscription> Subscriptions => _subscriptions;

    /// <summary>Gets what of the settings there is not on the server.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Gets a value indicating whether settings were applied as a whole: of half applied ones it is not known for sure what was made.</summary>
    public bool AreWhole => _applied is not null;

    public bool IsApplied(DriverSetup wanted) => ReferenceEquals(_applied, wanted);

    public FeedPlan? Of(UaSubscription subscription) => _planOf.GetValueOrDefault(subscription.Id);

    /// <summary>Remembers how far the feeds go that are fetched from history.</summary>
    public Task RememberAsync() => _history.RememberAsync(_all);

    /// <summary>Takes the subscriptions of a session that was lost over to another one; false when they have to be made anew.</summary>
    public async Task<bool> TransferAsync(UaSession session, CancellationToken cancel)
    {
        if (_subscriptions.Count == 0)
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

    /// <summary>Forgets all plans, and ends on the server what may be left of them.</summary>
    public async Task BeginAnewAsync(UaSession session, CancellationToken cancel)
    {
        uint[] unsure = AreWhole ? [] : [.. _subscriptions.Keys, .. _leftOver];
        if (unsure.Length > 0)
            await DeleteAsync(session, unsure, cancel).ConfigureAwait(false);
        _leftOver.Clear();
        await RememberAsync().ConfigureAwait(false);
        foreach (FeedPlan plan in _all)
            plan.Close();
        Use([]);
        _applied = null;
    }

    /// <summary>Makes, changes and ends plans and subscriptions so that they are what is wanted; what has not changed goes on without a break.</summary>
    public async Task ApplyAsync(UaSession session, DriverSetup wanted, CancellationToken cancel)
    {
        bool isFirst = _all.Count == 0;
        var planner = new FeedPlanner(session, wanted.Settings, sink, gaps, () => ++_lastHandle, time);
        var next = new List<(FeedPlan Plan, FeedPlan? Before)>();
        foreach (DriverGroup group in wanted.Groups)
        {
            FeedPlan? before = _all.FirstOrDefault(p => Continues(p, group.Settings));
            if (await planner.PlanAsync(group, before, cancel).ConfigureAwait(false) is not { } plan)
                continue;
            next.Add((plan, before));
            if (isFirst && plan is ValuePlan { Group.History: { } reach } values)
                planner.Report(await _history.FetchAsync(session, values, reach, cancel).ConfigureAwait(false));
        }

        await Gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _applied = null;
            foreach (var (plan, before) in next.Where(n => n.Plan.IsSubscribed))
                await planner.SubscribeAsync(plan, before, cancel).ConfigureAwait(false);
            FeedPlan[] ended = [.. _all.Where(p => p.Subscription is not null && next.All(n => n.Before != p))];
            if (ended.Length > 0)
                await DeleteAsync(session, [.. ended.Select(p => p.Subscription!.Id)], cancel).ConfigureAwait(false);
            foreach (var (plan, before) in next.Where(n => n.Before is not null))
                plan.TakeOver(before!);
            FeedPlan[] old = [.. _all];
            Use([.. next.Select(n => n.Plan)]);
            foreach (FeedPlan plan in old)
                plan.Close();
            _applied = wanted;
        }
        finally
        {
            if (_applied is null)
                _leftOver.AddRange(planner.Made);
            Gate.Release();
        }

        Missing = planner.Missing;
    }

    public void Dispose()
    {
        foreach (FeedPlan plan in _all)
            plan.Close();
        Gate.Dispose();
    }

    private static bool Continues(FeedPlan plan, OpcUaGroupSettings group) =>
        plan.Group.Name == group.Name && (plan.Group.Events is null) == (group.Events is null) && plan.IsSubscribed == (group.Events is not null || group.Records != OpcUaRecords.Read);

    private static async Task DeleteAsync(UaSession session, uint[] subscriptions, CancellationToken cancel) =>
        await session.CallAsync(new DeleteSubscriptionsRequest(subscriptions), cancel).ConfigureAwait(false);

    private void Use(IReadOnlyList<FeedPlan> plans)
    {
        _all = plans;
        _planOf = plans.Where(p => p.Subscription is not null).ToFrozenDictionary(p => p.Subscription!.Id);
        _subscriptions = _planOf.ToFrozenDictionary(p => p.Key, p => p.Value.Subscription!);
    }
}
