using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>A subscription, its items, and what of it has been received. Its items are changed by one task at a time; messages are taken by one other.</summary>
internal sealed class UaSubscription
{
    private readonly TimeSpan _keepAlive;
    private readonly TimeSpan _kept;
    private readonly Dictionary<uint, (MonitoredItem Item, uint Id)> _items = [];
    private uint _last;

    private UaSubscription(CreatedSubscription created, TimeSpan publishing, TimeSpan keepAlive, TimeSpan kept)
    {
        Created = created;
        Wanted = publishing;
        _keepAlive = keepAlive;
        _kept = kept;
    }

    public CreatedSubscription Created { get; private set; }

    /// <summary>Gets how often changes shall be reported; the server may have chosen otherwise.</summary>
    public TimeSpan Wanted { get; private set; }

    public uint Id => Created.Id;

    /// <summary>Gets the items that the server has, with their ids there, by the client's handle.</summary>
    public IReadOnlyDictionary<uint, (MonitoredItem Item, uint Id)> Items => _items;

    /// <summary>Gets how long nothing may come before the subscription is given up.</summary>
    public TimeSpan Silence => TimeSpan.FromTicks(Math.Max((Created.Publishing * Created.KeepAliveCount * 3).Ticks, TimeSpan.TicksPerSecond * 5));

    /// <summary>Makes a subscription on the server.</summary>
    /// <param name="session">The session.</param>
    /// <param name="publishing">How often changes are reported.</param>
    /// <param name="keepAlive">After which time without changes the server says that it lives.</param>
    /// <param name="kept">How long the server keeps it for a client that it has lost.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<UaSubscription> CreateAsync(UaSession session, TimeSpan publishing, TimeSpan keepAlive, TimeSpan kept, CancellationToken cancel)
    {
        var (lifetime, alive) = Counts(publishing, keepAlive, kept);
        CreatedSubscription created = await session.CallAsync(new CreateSubscriptionRequest(publishing, lifetime, alive, 0, 0), cancel).ConfigureAwait(false);
        return new UaSubscription(created, publishing, keepAlive, kept);
    }

    /// <summary>Changes how often it reports; its items stay.</summary>
    public async Task ModifyAsync(UaSession session, TimeSpan publishing, CancellationToken cancel)
    {
        var (lifetime, alive) = Counts(publishing, _keepAlive, _kept);
        Created = await session.CallAsync(new ModifySubscriptionRequest(Id, publishing, lifetime, alive), cancel).ConfigureAwait(false);
        Wanted = publishing;
    }

    /// <summary>Adds items, and returns what the server says about each.</summary>
    public async Task<IReadOnlyList<StatusCode>> AddAsync(UaSession session, IReadOnlyList<MonitoredItem> items, CancellationToken cancel)
    {
        IReadOnlyList<MonitoredItemResult> results = await SessionCalls.InPartsAsync(
            items, session.Limits.MonitoredItems, part => session.CallAsync(new CreateMonitoredItemsRequest(Id, part), cancel)).ConfigureAwait(false);
        for (int i = 0; i < items.Count; i++)
        {
            if (!results[i].Status.IsBad)
                _items[items[i].Handle] = (items[i], results[i].Id);
        }

        return [.. results.Select(r => r.Status)];
    }

    /// <summary>Changes how items are watched, and returns what the server says about each; they keep their ids and handles.</summary>
    public async Task<IReadOnlyList<StatusCode>> ModifyAsync(UaSession session, IReadOnlyList<MonitoredItem> items, CancellationToken cancel)
    {
        IReadOnlyList<StatusCode> results = await SessionCalls.InPartsAsync(
            [.. items.Select(i => (_items[i.Handle].Id, i))], session.Limits.MonitoredItems, part => session.CallAsync(new ModifyMonitoredItemsRequest(Id, part), cancel)).ConfigureAwait(false);
        for (int i = 0; i < items.Count; i++)
        {
            if (!results[i].IsBad)
                _items[items[i].Handle] = (items[i], _items[items[i].Handle].Id);
        }

        return results;
    }

    public async Task RemoveAsync(UaSession session, IReadOnlyList<uint> handles, CancellationToken cancel)
    {
        uint[] ids = [.. handles.Where(_items.ContainsKey).Select(h => _items[h].Id)];
        await SessionCalls.InPartsAsync(ids, session.Limits.MonitoredItems, part => session.CallAsync(new DeleteMonitoredItemsRequest(Id, part), cancel)).ConfigureAwait(false);
        foreach (uint handle in handles)
            _items.Remove(handle);
    }

    /// <summary>Lets one item report others whenever it reports, and no more those that it did.</summary>
    /// <exception cref="UaException">The server cannot.</exception>
    public async Task TriggerAsync(UaSession session, uint trigger, IReadOnlyList<uint> add, IReadOnlyList<uint> remove, CancellationToken cancel)
    {
        IReadOnlyList<StatusCode> results = await session.CallAsync(
            new SetTriggeringRequest(Id, _items[trigger].Id, [.. add.Select(h => _items[h].Id)], [.. remove.Select(h => _items[h].Id)]), cancel).ConfigureAwait(false);
        if (results.FirstOrDefault(r => r.IsBad) is { IsBad: true } bad)
            throw new UaException(bad, $"The server cannot let one node trigger others: {bad}. Leave 'trigger' out.");
    }

    /// <summary>Returns the numbers of the messages that are missing before one; empty when it is the next.</summary>
    public IReadOnlyList<uint> MissingBefore(Notification notification)
    {
        // Numbers go on at 1 after the last of 32 bits (OPC 10000-4, 7.4).
        uint next = _last == uint.MaxValue ? 1 : _last + 1;
        if (_last == 0 || notification.Sequence == next || notification.Sequence - next > 10_000)
            return [];
        return [.. Enumerable.Range(0, (int)(notification.Sequence - next)).Select(i => next + (uint)i)];
    }

    /// <summary>Takes note of a message with data.</summary>
    public void Received(uint sequence) => _last = sequence;

    /// <summary>Whether a message was received already: a server may send it again after a new connection.</summary>
    public bool IsOld(Notification notification) => _last != 0 && notification.Sequence != 0 && _last - notification.Sequence < 10_000 && notification.Sequence <= _last;

    private static (uint Lifetime, uint Alive) Counts(TimeSpan publishing, TimeSpan keepAlive, TimeSpan kept)
    {
        uint alive = (uint)Math.Clamp(keepAlive / publishing, 1, 100_000);
        return (Math.Max((uint)Math.Clamp(kept / publishing, 3, 10_000_000), alive * 3), alive);
    }
}
