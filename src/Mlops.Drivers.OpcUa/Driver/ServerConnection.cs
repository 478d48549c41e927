using Mlops.Data;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What stays while the connection to a server comes and goes: the session, its subscriptions, and the plan of feeds.</summary>
internal sealed class ServerConnection(OpcUaSettings settings, IReadOnlyList<(OpcUaGroupSettings Group, IReadOnlyList<NodeReference> Nodes)> groups, IRecordSink sink, TimeProvider time)
{
    // The server says at least this often that a subscription lives; three times without tell that it does not.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    private readonly Dictionary<uint, UaSubscription> _subscriptions = [];
    private readonly Dictionary<uint, FeedPlan> _planOf = [];
    private List<FeedPlan> _plans = [];

    public UaSession? Session { get; private set; }

    /// <summary>Gets the nodes of all groups.</summary>
    public IEnumerable<WatchedNode> Nodes => _plans.SelectMany(p => p.Nodes);

    /// <summary>Gets what of the settings there is not on the server.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Gets how many messages were lost while the connection was: the server's queues did not reach.</summary>
    public long Lost => _subscriptions.Values.Sum(s => s.Lost);

    /// <summary>Goes on where the connection was lost, or begins anew with a session that is open.</summary>
    public async Task OpenAsync(UaSession session, CancellationToken cancel)
    {
        UaSession? old = Session;
        Session = session;
        if (old is not null && !ReferenceEquals(old, session))
        {
            await old.DisposeAsync().ConfigureAwait(false);
            if (await TransferAsync(session, cancel).ConfigureAwait(false))
                return;
        }
        else if (old is not null && _plans.Count > 0)
        {
            return;
        }

        await PlanAsync(session, cancel).ConfigureAwait(false);
    }

    /// <summary>Forgets the session: the next one begins anew.</summary>
    public async ValueTask CloseAsync()
    {
        if (Session is not { } session)
            return;
        Session = null;
        if (!session.Lost.IsCompleted)
            await session.CloseAsync().ConfigureAwait(false);
        await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Moves values until the connection is lost.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> tasks = [ThrowWhenLostAsync(Session!, ended.Token), WatchServerAsync(Session!, ended.Token)];
        if (_subscriptions.Count > 0)
            tasks.Add(new PublishLoop(Session!, _subscriptions, HandleAsync).RunAsync(ended.Token));
        foreach (FeedPlan plan in _plans)
        {
            if (plan.Group.Records == OpcUaRecords.Read)
                tasks.Add(ReadInCycleAsync(plan, Session!, ended.Token));
            else if (plan.Group.Heartbeat is { } heartbeat)
                tasks.Add(BeatAsync(plan, heartbeat, ended.Token));
        }

        Task first = await Task.WhenAny(tasks).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    private static async Task ThrowWhenLostAsync(UaSession session, CancellationToken stop)
    {
        Exception reason = await session.Lost.WaitAsync(stop).ConfigureAwait(false);
        throw new UaException(StatusCodes.BadConnectionClosed, reason.Message, reason);
    }

    // Keeps the session alive, and finds a server that does not answer although the connection stands.
    private async Task WatchServerAsync(UaSession session, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), time, stop).ConfigureAwait(false);
            await session.ReadAsync([new AttributeOf(new NodeId(2259))], stop).ConfigureAwait(false);
        }
    }

    private async Task PlanAsync(UaSession session, CancellationToken cancel)
    {
        var resolver = new NodeResolver(session);
        var plans = new List<FeedPlan>();
        var missing = new List<string>();
        uint handle = 1;
        foreach (var (group, references) in groups)
        {
            var (nodes, notFound) = await resolver.ResolveAsync(references, cancel).ConfigureAwait(false);
            missing.AddRange(notFound);
            if (nodes.Count == 0)
                continue;
            FeedSchema schema = await sink.DeclareAsync(group.Name, [.. nodes.Select(n => n.Field)], cancel).ConfigureAwait(false);
            plans.Add(new FeedPlan(group, settings, nodes, handle, new RecordAssembler(schema, nodes, handle, group.Hold, time)) { Written = time.GetTimestamp() });
            handle += (uint)nodes.Count;
        }

        _plans = plans;
        _subscriptions.Clear();
        _planOf.Clear();
        foreach (FeedPlan plan in plans.Where(p => p.Group.Records != OpcUaRecords.Read))
            missing.AddRange(await SubscribeAsync(session, plan, cancel).ConfigureAwait(false));
        Missing = missing;
    }

    private async Task<IEnumerable<string>> SubscribeAsync(UaSession session, FeedPlan plan, CancellationToken cancel)
    {
        UaSubscription subscription = await UaSubscription.CreateAsync(session, plan.Interval, KeepAlive, settings.SessionTimeout, cancel).ConfigureAwait(false);
        _subscriptions[subscription.Id] = subscription;
        _planOf[subscription.Id] = plan;
        IReadOnlyList<MonitoredItemResult> results = await subscription.AddAsync(session, plan.Items(), cancel).ConfigureAwait(false);
        return plan.Nodes.Zip(results).Where(pair => pair.Second.Status.IsBad).Select(pair => $"{pair.First.Text} ({pair.Second.Status})");
    }

    private async Task<bool> TransferAsync(UaSession session, CancellationToken cancel)
    {
        if (!settings.TransferSubscriptions || _subscriptions.Count == 0 || _plans.Count == 0)
            return false;
        uint[] ids = [.. _subscriptions.Keys];
        try
        {
            var results = await session.CallAsync(new TransferSubscriptionsRequest(ids, SendInitialValues: false), cancel).ConfigureAwait(false);
            if (results.Count == ids.Length && results.All(r => !r.Status.IsBad))
                return true;
            // What was taken over in part is made anew as a whole: nothing shall be reported twice.
            await session.CallAsync(new DeleteSubscriptionsRequest(ids), cancel).ConfigureAwait(false);
        }
        catch (UaException error) when (!session.Lost.IsCompleted && error.Status.IsBad)
        {
            // The server knows nothing of them any more, or cannot transfer.
        }

        return false;
    }

    private async ValueTask HandleAsync(UaSubscription subscription, Notification notification, CancellationToken stop)
    {
        FeedPlan plan = _planOf[subscription.Id];
        if (plan.Take(notification) is { } batch)
            await WriteAsync(plan, batch, stop).ConfigureAwait(false);
    }

    private async Task ReadInCycleAsync(FeedPlan plan, UaSession session, CancellationToken stop)
    {
        AttributeOf[] attributes = [.. plan.Nodes.Select(n => new AttributeOf(n.Id))];
        using var timer = new PeriodicTimer(plan.Interval, time);
        do
        {
            IReadOnlyList<DataValue> values = await session.ReadAsync(attributes, stop).ConfigureAwait(false);
            await WriteAsync(plan, plan.Assembler.Read(values), stop).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
    }

    private async Task BeatAsync(FeedPlan plan, TimeSpan heartbeat, CancellationToken stop)
    {
        while (true)
        {
            TimeSpan left = heartbeat - time.GetElapsedTime(plan.Written);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, stop).ConfigureAwait(false);
                continue;
            }

            RecordBatch? batch;
            lock (plan.Gate)
                batch = plan.Assembler.KnowsAny ? plan.Assembler.Repeat() : null;
            if (batch is null)
                plan.Written = time.GetTimestamp();
            else
                await WriteAsync(plan, batch, stop).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteAsync(FeedPlan plan, RecordBatch batch, CancellationToken stop)
    {
        using (batch)
            await sink.WriteAsync(batch, stop).ConfigureAwait(false);
        plan.Written = time.GetTimestamp();
    }

}
