namespace Mlops.Mqtt;

/// <summary>The names of the instruments of brokers and clients, for dashboards and alerts.</summary>
/// <remarks>
/// Each broker and each client has instruments of its own from its creation until it is disposed. Those of a broker have the tag
/// <see cref="PortTag"/>, those of a client <see cref="ClientTag"/> when its options name it, so that several in one process can be told
/// apart. The other tags have a few fixed values each: <see cref="QualityTag"/> 0, 1 and 2, <see cref="DirectionTag"/> receive and
/// transmit, <see cref="ReasonTag"/> the reasons of this library. No tag holds a topic, an address or the name of a connected client.
/// </remarks>
public static class MqttInstruments
{
    /// <summary>Name of the meter of brokers.</summary>
    public const string BrokerMeterName = "Mlops.Mqtt.Broker";

    /// <summary>Name of the meter of clients.</summary>
    public const string ClientMeterName = "Mlops.Mqtt.Client";

    /// <summary>Tag: the port of the broker's first listener.</summary>
    public const string PortTag = "server.port";

    /// <summary>Tag: <see cref="MqttClientOptions.ClientId"/>; absent where the client has no name of the host's choice.</summary>
    public const string ClientTag = "messaging.client.id";

    /// <summary>Tag: the quality of service, 0 to 2.</summary>
    public const string QualityTag = "mqtt.qos";

    /// <summary>Tag: <c>receive</c> or <c>transmit</c>.</summary>
    public const string DirectionTag = "network.io.direction";

    /// <summary>Tag: why something was refused or given up.</summary>
    public const string ReasonTag = "reason";

    /// <summary>Tag: whether the client of a session is <c>connected</c> or <c>away</c>.</summary>
    public const string StateTag = "state";

    /// <summary>Up-down counter of the broker's open connections, also those without CONNECT yet; unit <c>{connection}</c>.</summary>
    public const string BrokerConnections = "mlops.mqtt.broker.connections";

    /// <summary>Counter of network connections accepted; unit <c>{connection}</c>.</summary>
    public const string BrokerAccepted = "mlops.mqtt.broker.connections.accepted";

    /// <summary>Counter of connections refused, by reason; unit <c>{connection}</c>.</summary>
    public const string BrokerRefused = "mlops.mqtt.broker.connections.refused";

    /// <summary>Counter of those refused because of wrong credentials, missing rights or an unknown method; unit <c>{connection}</c>.</summary>
    public const string BrokerAuthenticationFailures = "mlops.mqtt.broker.authentication.failures";

    /// <summary>Counter of clients disconnected because they took messages too slowly; unit <c>{connection}</c>.</summary>
    public const string BrokerSlowClients = "mlops.mqtt.broker.connections.slow";

    /// <summary>Counter of connections that lost their session to a newer one of the same client identifier; unit <c>{connection}</c>.</summary>
    public const string BrokerTakenOver = "mlops.mqtt.broker.connections.taken_over";

    /// <summary>Counter of connections whose bytes broke the protocol; unit <c>{connection}</c>.</summary>
    public const string BrokerProtocolErrors = "mlops.mqtt.broker.protocol.errors";

    /// <summary>Counter of messages received, by quality of service; unit <c>{message}</c>.</summary>
    public const string BrokerReceived = "mlops.mqtt.broker.messages.received";

    /// <summary>Counter of messages sent, by quality of service; unit <c>{message}</c>.</summary>
    public const string BrokerSent = "mlops.mqtt.broker.messages.sent";

    /// <summary>Counter of messages given up, by reason; unit <c>{message}</c>.</summary>
    public const string BrokerDropped = "mlops.mqtt.broker.messages.dropped";

    /// <summary>Counter of publishes and subscriptions that no right allows; unit <c>{action}</c>.</summary>
    public const string BrokerDenied = "mlops.mqtt.broker.actions.denied";

    /// <summary>Counter of bytes of packets, by direction; unit <c>By</c>.</summary>
    public const string BrokerIo = "mlops.mqtt.broker.io";

    /// <summary>Counter of packets of any kind, by direction; unit <c>{packet}</c>.</summary>
    public const string BrokerPackets = "mlops.mqtt.broker.packets";

    /// <summary>Up-down counter of messages that wait for sessions, one for each; unit <c>{message}</c>.</summary>
    public const string BrokerQueued = "mlops.mqtt.broker.messages.queued";

    /// <summary>Up-down counter of messages sent and not acknowledged; unit <c>{message}</c>.</summary>
    public const string BrokerInFlight = "mlops.mqtt.broker.messages.in_flight";

    /// <summary>Up-down counter of the bytes of queued messages and those in flight; unit <c>By</c>.</summary>
    public const string BrokerQueuedSize = "mlops.mqtt.broker.messages.size";

    /// <summary>Up-down counter of sessions, by state; unit <c>{session}</c>.</summary>
    public const string BrokerSessions = "mlops.mqtt.broker.sessions";

    /// <summary>Up-down counter of subscriptions of clients; unit <c>{subscription}</c>.</summary>
    public const string BrokerSubscriptions = "mlops.mqtt.broker.subscriptions";

    /// <summary>Up-down counter of retained messages, without those of <c>$SYS/</c>; unit <c>{message}</c>.</summary>
    public const string BrokerRetained = "mlops.mqtt.broker.retained";

    /// <summary>Up-down counter of the bytes of retained messages; unit <c>By</c>.</summary>
    public const string BrokerRetainedSize = "mlops.mqtt.broker.retained.size";

    /// <summary>Counter of calls of hooks and subscribers in this process that threw; unit <c>{call}</c>.</summary>
    public const string BrokerHandlerFailures = "mlops.mqtt.broker.handler.failures";

    /// <summary>Up-down counter of the client's connections: 1 while it is connected; unit <c>{connection}</c>.</summary>
    public const string ClientConnections = "mlops.mqtt.client.connections";

    /// <summary>Counter of connections that were lost and made again; unit <c>{connection}</c>.</summary>
    public const string ClientReconnects = "mlops.mqtt.client.reconnects";

    /// <summary>Counter of messages received, by quality of service; unit <c>{message}</c>.</summary>
    public const string ClientReceived = "mlops.mqtt.client.messages.received";

    /// <summary>Counter of messages sent, repetitions included, by quality of service; unit <c>{message}</c>.</summary>
    public const string ClientSent = "mlops.mqtt.client.messages.sent";

    /// <summary>Counter of publishes given up, by reason; unit <c>{message}</c>.</summary>
    public const string ClientDropped = "mlops.mqtt.client.messages.dropped";

    /// <summary>Counter of messages received for which there was no handler; unit <c>{message}</c>.</summary>
    public const string ClientUnmatched = "mlops.mqtt.client.messages.unmatched";

    /// <summary>Counter of messages whose handler threw; unit <c>{message}</c>.</summary>
    public const string ClientHandlerFailures = "mlops.mqtt.client.handler.failures";

    /// <summary>Counter of bytes of packets, by direction; unit <c>By</c>.</summary>
    public const string ClientIo = "mlops.mqtt.client.io";

    /// <summary>Up-down counter of published messages that are unsent or unacknowledged, those in an outbox included; unit <c>{message}</c>.</summary>
    public const string ClientPending = "mlops.mqtt.client.messages.pending";

    /// <summary>Up-down counter of the bytes of these; unit <c>By</c>.</summary>
    public const string ClientPendingSize = "mlops.mqtt.client.messages.size";

    /// <summary>
    /// Histogram of the time from handing a message of QoS 1 or 2 to the connection's queue until the broker has acknowledged it, by quality
    /// of service; unit <c>s</c>.
    /// </summary>
    public const string ClientPublishDuration = "mlops.mqtt.client.publish.duration";
}
