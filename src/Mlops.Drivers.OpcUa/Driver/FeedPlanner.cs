using Mlops.Data;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>
/// Brings what the settings want and what a server has together: nodes are looked up, feeds declared, and of the items on the server only those
/// are made, changed or ended that differ. What stays keeps its id there, its handle here, and its last value.
/// </summary>
/// <remarks>Made anew for each application of settings, so that nothing of an earlier server is remembered.</remarks>
internal sealed class FeedPlanner(UaSession session, OpcUaSettings settings, IRecordSink sink, GapCounts gaps, Func<uint> nextHandle, TimeProvider time)
{
    // The server says at least this often that a subscription lives; three times without tell that it does not.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    private readonly DataTypes _types = new(session);
    private readonly List<string> _missing = [];
    private readonly List<uint> _made = [];

    /// <summary>Gets what of the settings the server does not have, or refuses.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Gets the subscriptions that were made.</summary>
    public IReadOnlyList<uint> Made => _made;

    /// <summary>Looks a group's nodes up and declares its feed; nothing changes on the server.</summary>
    /// <param name="group">The group.</param>
    /// <param name="before">What it was so far; null for a new one.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The plan, not subscribed yet; null when the server has none of the nodes.</returns>
    public async Task<FeedPlan?> PlanAsync(DriverGroup group, FeedPlan? before, CancellationToken cancel)
    {
        FeedPlan? plan = group.Settings.Events is null
            ? await ValuesAsync(group, before as ValuePlan, cancel).ConfigureAwait(false)
            : await EventsAsync(group.Settings, before, cancel).ConfigureAwait(false);
        if (plan is not null)
            plan.Written = time.GetTimestamp();
        return plan;
    }

    /// <summary>Adds to what is missing.</summary>
    public void Report(IReadOnlyList<string> missing) => _missing.AddRange(missing);

    /// <summary>Lets the server report what a plan wants, and no more what only the plan before it did.</summary>
    public async Task SubscribeAsync(FeedPlan plan, FeedPlan? before, CancellationToken cancel)
    {
        UaSubscription? subscription = plan.Subscription = before?.Subscription;
        if (subscription is null)
        {
            subscription = plan.Subscription = await UaSubscription.CreateAsync(session, plan.Interval, KeepAlive, settings.SessionTimeout, cancel).ConfigureAwait(false);
            _made.Add(subscription.Id);
        }
        else if (subscription.Wanted != plan.Interval)
        {
            await subscription.ModifyAsync(session, plan.Interval, cancel).ConfigureAwait(false);
        }

        Dictionary<uint, MonitoredItem> wanted = plan.Items.ToDictionary(i => i.Handle);
        uint[] ended = [.. subscription.Items.Where(i => !wanted.TryGetValue(i.Key, out MonitoredItem? item) || !CanBecome(i.Value.Item, item)).Select(i => i.Key)];
        if (ended.Length > 0)
            await subscription.RemoveAsync(session, ended, cancel).ConfigureAwait(false);
        MonitoredItem[] changed = [.. plan.Items.Where(i => subscription.Items.TryGetValue(i.Handle, out var known) && known.Item != i)];
        Note(plan, changed, await subscription.ModifyAsync(session, changed, cancel).ConfigureAwait(false));
        MonitoredItem[] added = [.. plan.Items.Where(i => !subscription.Items.ContainsKey(i.Handle))];
        Note(plan, added, await subscription.AddAsync(session, added, cancel).ConfigureAwait(false));
        if (plan.Trigger is { } trigger && subscription.Items.ContainsKey(trigger))
            await TriggerAsync(plan, subscription, trigger, added, cancel).ConfigureAwait(false);
    }

    // Items that are linked already stay so; only those that are new, or all under a new trigger, are added.
    private async Task TriggerAsync(FeedPlan plan, UaSubscription subscription, uint trigger, MonitoredItem[] added, CancellationToken cancel)
    {
        bool isNew = added.Any(i => i.Handle == trigger);
        uint[] links = [.. (isNew ? plan.Items : added).Select(i => i.Handle).Where(h => h != trigger && subscription.Items.ContainsKey(h))];
        if (links.Length == 0)
            return;
        try
        {
            await subscription.TriggerAsync(session, trigger, links, [], cancel).ConfigureAwait(false);
        }
        catch (UaException error) when (!session.Lost.IsCompleted && error.Status.IsBad)
        {
            _missing.Add($"{plan.Group.Trigger} ({error.Message})");
        }
    }

    // The mode is changed by another service, the node by none: such an item is made anew.
    private static bool CanBecome(MonitoredItem now, MonitoredItem wanted) => now.Attribute == wanted.Attribute && now.Mode == wanted.Mode;

    private void Note(FeedPlan plan, MonitoredItem[] items, IReadOnlyList<StatusCode> results)
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (results[i].IsBad)
                _missing.Add($"{plan.Name(items[i])} ({results[i]})");
        }
    }

    private async Task<FeedPlan?> ValuesAsync(DriverGroup group, ValuePlan? before, CancellationToken cancel)
    {
        var (nodes, missing) = await new NodeResolver(session, _types).ResolveAsync(group.Nodes, cancel).ConfigureAwait(false);
        _missing.AddRange(missing);
        if (nodes.Count == 0)
            return null;
        Dictionary<NodeId, uint> known = before?.Items.ToDictionary(i => i.Attribute.Node, i => i.Handle) ?? [];
        uint[] handles = [.. nodes.Select(n => known.TryGetValue(n.Id, out uint handle) ? handle : nextHandle())];
        FeedSchema schema = await sink.DeclareAsync(group.Settings.Name, [.. nodes.SelectMany(n => n.Fields)], cancel).ConfigureAwait(false);
        var assembler = new RecordAssembler(schema, nodes, handles, group.Settings, gaps, time);
        return new ValuePlan(group.Settings, settings, nodes, handles, assembler);
    }

    private async Task<FeedPlan?> EventsAsync(OpcUaGroupSettings group, FeedPlan? before, CancellationToken cancel)
    {
        OpcUaEventSettings events = group.Events!;
        if (!ExpandedNodeId.TryParse(events.Source, out ExpandedNodeId named) || !named.TryResolve(session.Namespaces, out NodeId source))
        {
            _missing.Add($"{events.Source} (its namespace is not known)");
            return null;
        }

        EventColumns columns = await EventColumns.ResolveAsync(session, _types, events, cancel).ConfigureAwait(false);
        FeedSchema schema = await sink.DeclareAsync(group.Name, columns.Fields, cancel).ConfigureAwait(false);
        uint handle = before?.Items[0].Attribute.Node == source ? before.Items[0].Handle : nextHandle();
        return new EventPlan(group, settings, source, columns, handle, schema, gaps, time);
    }
}
