using Mlops.Mqtt.Broker.Statistics;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt;

/// <summary>What a broker has done since it was created. Thread-safe; all but the first two rise only.</summary>
/// <remarks>The same figures, with what they are made of, are instruments (<see cref="MqttInstruments"/>) and topics below <c>$SYS/broker/</c>.</remarks>
public sealed class MqttBrokerCounters
{
    private long connected, sessions, accepted, connects, expired, takenOver, delivered, slow, denied, protocolErrors, hookFailures, notRetained;

    /// <summary>Gets the connections that are open now, those that have not sent CONNECT included.</summary>
    public long ConnectedClients => Volatile.Read(ref connected);

    /// <summary>Gets the sessions that exist now, connected or not.</summary>
    public long Sessions => Volatile.Read(ref sessions);

    /// <summary>Gets the network connections that were accepted, those that came no further included.</summary>
    public long ConnectionsAccepted => Volatile.Read(ref accepted);

    /// <summary>Gets the CONNECT packets that came.</summary>
    public long Connects => Volatile.Read(ref connects);

    /// <summary>Gets the connections refused: no right to connect, or a limit reached.</summary>
    public long ConnectionsRefused => Refused.Total;

    /// <summary>Gets the connections among <see cref="ConnectionsRefused"/> whose client was not who it said, or has no right to connect.</summary>
    public long AuthenticationFailures =>
        Refused.Of(RefusalReason.Credentials) + Refused.Of(RefusalReason.Rights) + Refused.Of(RefusalReason.Method);

    /// <summary>Gets the sessions that ended because their client stayed away for too long.</summary>
    public long SessionsExpired => Volatile.Read(ref expired);

    /// <summary>Gets the connections that lost their session to a newer one of the same client identifier.</summary>
    public long SessionsTakenOver => Volatile.Read(ref takenOver);

    /// <summary>Gets the messages that clients have published, repetitions included.</summary>
    public long MessagesReceived => Received.Messages;

    /// <summary>Gets the messages handed to the queue of a client; one for each receiver.</summary>
    public long MessagesDelivered => Volatile.Read(ref delivered);

    /// <summary>Gets the messages sent to clients, repetitions included.</summary>
    public long MessagesSent => Sent.Messages;

    /// <summary>Gets the messages given up: a client's queue was full, its packet limit too small, or they expired while they waited.</summary>
    public long MessagesDropped => Dropped.Total;

    /// <summary>Gets the bytes of all packets received, without those of TLS and WebSocket.</summary>
    public long BytesReceived => Received.Bytes;

    /// <summary>Gets the bytes of all packets sent, without those of TLS and WebSocket.</summary>
    public long BytesSent => Sent.Bytes;

    /// <summary>Gets the clients disconnected because they took QoS 1 messages too slowly.</summary>
    public long SlowClientsDisconnected => Volatile.Read(ref slow);

    /// <summary>Gets the publishes and subscriptions that <see cref="MqttBroker.Authorize"/> or the rules denied.</summary>
    public long ActionsDenied => Volatile.Read(ref denied);

    /// <summary>Gets the connections closed because their bytes broke the protocol.</summary>
    public long ProtocolErrors => Volatile.Read(ref protocolErrors);

    /// <summary>Gets the calls of hooks and subscribers in this process that threw.</summary>
    public long HandlerFailures => Volatile.Read(ref hookFailures);

    /// <summary>Gets the messages marked to be retained that were delivered but not kept, as the limit was reached.</summary>
    public long RetainedRefused => Volatile.Read(ref notRetained);

    internal Traffic Received { get; } = new();

    internal Traffic Sent { get; } = new();

    internal ReasonTally<RefusalReason> Refused { get; } = new();

    internal ReasonTally<DropReason> Dropped { get; } = new();

    internal void AddConnected(int change) => Interlocked.Add(ref connected, change);

    internal void AddSessions(int change) => Interlocked.Add(ref sessions, change);

    internal void CountAccepted() => Interlocked.Increment(ref accepted);

    internal void CountConnect() => Interlocked.Increment(ref connects);

    internal void CountExpired() => Interlocked.Increment(ref expired);

    internal void CountTakenOver() => Interlocked.Increment(ref takenOver);

    internal void CountDelivered() => Interlocked.Increment(ref delivered);

    internal void CountSlowClient() => Interlocked.Increment(ref slow);

    internal void CountDenied() => Interlocked.Increment(ref denied);

    internal void CountProtocolError() => Interlocked.Increment(ref protocolErrors);

    internal void CountHandlerFailure() => Interlocked.Increment(ref hookFailures);

    internal void CountRetainedRefused() => Interlocked.Increment(ref notRetained);
}
