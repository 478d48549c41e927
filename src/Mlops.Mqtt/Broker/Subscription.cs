using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>One filter of one receiver: a session, or a subscriber in this process.</summary>
internal sealed record Subscription(string Filter, BrokerSession? Session, LocalSubscriber? Local, SubscriptionOptions Options, uint Id);
