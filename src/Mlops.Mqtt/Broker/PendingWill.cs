using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>A will that is to be published now or later, with the connection that left it.</summary>
internal sealed record PendingWill(WillMessage Message, BrokerSession Session, BrokerConnection Connection);
