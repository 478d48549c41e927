namespace Mlops.Mqtt;

/// <summary>What a broker has done since it was created. Thread-safe; all but the first two rise only.</summary>
public sealed class MqttBrokerCounters
{
    private long connected, sessions, received, delivered, dropped, slow, refused, denied, protocolErrors, hookFailures, notRetained;

    /// <summary>Gets the clients that are connected now.</summary>
    public long ConnectedClients => Volatile.Read(ref connected);

    /// <summary>Gets the sessions that exist now, connected or not.</summary>
    public long Sessions => Volatile.Read(ref sessions);

    /// <summary>Gets the messages that clients have published.</summary>
    public long MessagesReceived => Volatile.Read(ref received);

    /// <summary>Gets the messages handed to the queue of a client; one for each receiver.</summary>
    public long MessagesDelivered => Volatile.Read(ref delivered);

    /// <summary>Gets the messages given up because a client's queue was full or its packet limit too small.</summary>
    public long MessagesDropped => Volatile.Read(ref dropped);

    /// <summary>Gets the clients disconnected because they took QoS 1 messages too slowly.</summary>
    public long SlowClientsDisconnected => Volatile.Read(ref slow);

    /// <summary>Gets the connections refused: no right to connect, or a limit reached.</summary>
    public long ConnectionsRefused => Volatile.Read(ref refused);

    /// <summary>Gets the publishes and subscriptions that <see cref="MqttBroker.Authorize"/> denied.</summary>
    public long ActionsDenied => Volatile.Read(ref denied);

    /// <summary>Gets the connections closed because their bytes broke the protocol.</summary>
    public long ProtocolErrors => Volatile.Read(ref protocolErrors);

    /// <summary>Gets the calls of hooks and subscribers in this process that threw.</summary>
    public long HandlerFailures => Volatile.Read(ref hookFailures);

    /// <summary>Gets the messages marked to be retained that were delivered but not kept, as the limit was reached.</summary>
    public long RetainedRefused => Volatile.Read(ref notRetained);

    internal void AddConnected(int change) => Interlocked.Add(ref connected, change);

    internal void AddSessions(int change) => Interlocked.Add(ref sessions, change);

    internal void CountReceived() => Interlocked.Increment(ref received);

    internal void CountDelivered() => Interlocked.Increment(ref delivered);

    internal void CountDropped() => Interlocked.Increment(ref dropped);

    internal void CountSlowClient() => Interlocked.Increment(ref slow);

    internal void CountRefused() => Interlocked.Increment(ref refused);

    internal void CountDenied() => Interlocked.Increment(ref denied);

    internal void CountProtocolError() => Interlocked.Increment(ref protocolErrors);

    internal void CountHandlerFailure() => Interlocked.Increment(ref hookFailures);

    internal void CountRetainedRefused() => Interlocked.Increment(ref notRetained);
}
