using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>What the broker knows of one client: its subscriptions and what is to be delivered to it.</summary>
internal sealed class BrokerSession(string clientId, MqttBrokerOptions options, MqttBrokerCounters counters)
{
    private BrokerConnection? connection;

    public string ClientId { get; } = clientId;

    public DeliveryQueue Queue { get; } =
        new(options.MaxQueuedMessagesPerSession, options.MaxQueuedBytesPerSession, counters.CountDropped);

    /// <summary>By filter; changed by the read loop of the connection that has the session, and emptied by its end.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>The connection that has the session, or null.</summary>
    public BrokerConnection? Connection
    {
        get => Volatile.Read(ref connection);
        set => Volatile.Write(ref connection, value);
    }

    public TimeSpan Expiry { get; set; }

    /// <summary>When the connection ended, as a timestamp of the time provider.</summary>
    public long DisconnectedAt { get; set; }

    /// <summary>Queues a message. QoS 0 is for connected clients only; a full queue drops QoS 0 and disconnects for QoS 1.</summary>
    /// <param name="message">The message; the session adds its own reference.</param>
    /// <param name="flags">The flags to send it with.</param>
    /// <param name="subscriptionIds">The subscriptions that it is sent for.</param>
    /// <param name="extra">Room beyond the limit, for retained messages: they take no memory of their own.</param>
    public void Deliver(SharedMessage message, byte flags, uint[]? subscriptionIds, int extra = 0)
    {
        bool acknowledged = (flags & PublishFlags.AtLeastOnce) != 0;
        if (!acknowledged && Connection is null)
            return;
        message.AddReference();
        if (Queue.TryAdd(new Delivery(message, flags, subscriptionIds, default), extra))
        {
            counters.CountDelivered();
            // Read after adding: a connection that attached meanwhile has either seen the message or is told now.
            Connection?.Signal();
            return;
        }

        message.Release();
        counters.CountDropped();
        if (acknowledged && extra == 0)
            Connection?.DisconnectSlow();
    }
}
