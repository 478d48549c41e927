using Mlops.Mqtt.Broker.Persistence;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>What the broker knows of one client: its subscriptions and what is to be delivered to it.</summary>
internal sealed class BrokerSession(
    string clientId, MqttBrokerOptions options, MqttBrokerCounters counters, TimeProvider time, SessionJournal? journal = null)
{
    private BrokerConnection? connection;

    public string ClientId { get; } = clientId;

    /// <summary>Notes what changes, or null when the session does not outlive the process.</summary>
    public SessionJournal? Journal { get; } = journal;

    public DeliveryQueue Queue { get; } =
        new(options.MaxQueuedMessagesPerSession, options.MaxQueuedBytesPerSession, time, counters.Dropped.Count, journal);

    /// <summary>What it has published with QoS 2 and not released yet.</summary>
    public ReceivedIdentifiers Received { get; } = new(journal);

    /// <summary>By filter; changed by the read loop of the connection that has the session, and emptied by its end.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>The connection that has the session, or null.</summary>
    public BrokerConnection? Connection
    {
        get => Volatile.Read(ref connection);
        set => Volatile.Write(ref connection, value);
    }

    public TimeSpan Expiry { get; set; }

    /// <summary>The will that waits for its delay, or null.</summary>
    public PendingWill? Will { get; set; }

    /// <summary>The will that is being published, or null.</summary>
    public PendingWill? DueWill { get; set; }

    /// <summary>When the connection ended, as a timestamp of the time provider.</summary>
    public long DisconnectedAt { get; set; }

    /// <summary>Queues a message. QoS 0 is for connected clients only; a full queue drops QoS 0 and disconnects for QoS 1.</summary>
    /// <param name="message">The message; the session adds its own reference.</param>
    /// <param name="flags">The flags to send it with.</param>
    /// <param name="subscriptionIds">The subscriptions that it is sent for.</param>
    /// <param name="extra">Room beyond the limit, for retained messages: they take no memory of their own.</param>
    public void Deliver(SharedMessage message, byte flags, uint[]? subscriptionIds, int extra = 0)
    {
        bool acknowledged = IsAcknowledged(flags);
        if ((!acknowledged && Connection is null) || TryAdd(new Delivery(message, flags, subscriptionIds, default), extra))
            return;
        counters.Dropped.Count(DropReason.QueueFull);
        if (acknowledged && extra == 0)
            Connection?.DisconnectSlow();
    }

    /// <summary>Queues a message of a shared subscription; false when another member has to take it.</summary>
    public bool TryDeliver(SharedMessage message, byte flags, uint[]? subscriptionIds, ShareGroup group, byte published) =>
        (Connection is not null || IsAcknowledged(flags))
        && TryAdd(new Delivery(message, flags, subscriptionIds, default) { Group = group, Published = published }, 0);

    /// <summary>Queues what the broker says about itself, for a connected client that has room; nothing is missed where it has none.</summary>
    public void Offer(SharedMessage message, byte flags, uint[]? subscriptionIds)
    {
        if (Connection is not null)
            TryAdd(new Delivery(message, flags, subscriptionIds, default), 0);
    }

    /// <summary>Hands what waits for this session through shared subscriptions to others, who are connected.</summary>
    /// <param name="ended">Whether the session has ended: then others get what they can even while they are away.</param>
    public void PassOn(bool ended)
    {
        foreach (var delivery in Queue.TakeShared(group => ended || ((ShareGroup)group).HasOther(this), includeSent: ended))
        {
            if (!((ShareGroup)delivery.Group!).Deliver(delivery.Message!, delivery.Published, except: this))
                counters.Dropped.Count(DropReason.NoMember);
            delivery.Message!.Release();
        }
    }

    private static bool IsAcknowledged(byte flags) => PublishFlags.QualityOfService(flags) != MqttQualityOfService.AtMostOnce;

    private bool TryAdd(in Delivery delivery, int extra)
    {
        delivery.Message!.AddReference();
        if (!Queue.TryAdd(delivery, extra))
        {
            delivery.Message.Release();
            return false;
        }

        counters.CountDelivered();
        // Read after adding: a connection that attached meanwhile has either seen the message or is told now.
        Connection?.Signal();
        return true;
    }
}
