using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>A subscription and what of it has been received. Used by one task at a time.</summary>
internal sealed class UaSubscription
{
    private uint _last;

    private UaSubscription(CreatedSubscription created) => Created = created;

    public CreatedSubscription Created { get; }

    public uint Id => Created.Id;

    /// <summary>Gets the items by the client's handle: their id on the server.</summary>
    public Dictionary<uint, uint> Items { get; } = [];

    /// <summary>Gets how many messages were lost: the server did not hold them any more.</summary>
    public long Lost { get; private set; }

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
        uint alive = (uint)Math.Clamp(keepAlive / publishing, 1, 100_000);
        uint lifetime = Math.Max((uint)Math.Clamp(kept / publishing, 3, 10_000_000), alive * 3);
        return new UaSubscription(await session.CallAsync(new CreateSubscriptionRequest(publishing, lifetime, alive, 0, 0), cancel).ConfigureAwait(false));
    }

    /// <summary>Adds items, and returns what the server says about each.</summary>
    public async Task<IReadOnlyList<MonitoredItemResult>> AddAsync(UaSession session, IReadOnlyList<MonitoredItem> items, CancellationToken cancel)
    {
        var results = new List<MonitoredItemResult>(items.Count);
        for (int i = 0; i < items.Count; i += session.Limits.MonitoredItems)
        {
            List<MonitoredItem> part = [.. items.Skip(i).Take(session.Limits.MonitoredItems)];
            results.AddRange(await session.CallAsync(new CreateMonitoredItemsRequest(Id, part), cancel).ConfigureAwait(false));
        }

        for (int i = 0; i < items.Count; i++)
        {
            if (!results[i].Status.IsBad)
                Items[items[i].Handle] = results[i].Id;
        }

        return results;
    }

    public async Task RemoveAsync(UaSession session, IReadOnlyList<uint> handles, CancellationToken cancel)
    {
        List<uint> ids = [.. handles.Where(Items.ContainsKey).Select(h => Items[h])];
        for (int i = 0; i < ids.Count; i += session.Limits.MonitoredItems)
            await session.CallAsync(new DeleteMonitoredItemsRequest(Id, [.. ids.Skip(i).Take(session.Limits.MonitoredItems)]), cancel).ConfigureAwait(false);
        foreach (uint handle in handles)
            Items.Remove(handle);
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

    public void LostOne() => Lost++;

    /// <summary>Whether a message was received already: a server may send it again after a new connection.</summary>
    public bool IsOld(Notification notification) => _last != 0 && notification.Sequence != 0 && _last - notification.Sequence < 10_000 && notification.Sequence <= _last;
}
