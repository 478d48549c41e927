using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>All that the broker has kept from before a restart. Owns one reference to each message.</summary>
internal sealed class StoredState
{
    public List<StoredSession> Sessions { get; } = [];

    public List<(long Session, string Filter, SubscriptionOptions Options, uint Id)> Subscriptions { get; } = [];

    public Dictionary<long, SharedMessage> Messages { get; } = [];

    /// <summary>By session and sequence. A released one has no message.</summary>
    public List<StoredDelivery> Deliveries { get; } = [];

    public List<(long Session, ushort PacketId)> Received { get; } = [];

    public List<long> Retained { get; } = [];
}
