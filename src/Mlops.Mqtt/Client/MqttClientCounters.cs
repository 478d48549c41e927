namespace Mlops.Mqtt;

/// <summary>What a client has done since it was created. Each value rises only, and may be read at any time.</summary>
public sealed class MqttClientCounters
{
    private long received, unmatched, handlerFailures, droppedPublishes, reconnects;

    /// <summary>Gets the messages received.</summary>
    public long MessagesReceived => Volatile.Read(ref received);

    /// <summary>Gets the messages received for which there was no handler.</summary>
    public long MessagesUnmatched => Volatile.Read(ref unmatched);

    /// <summary>Gets the messages whose handler threw.</summary>
    public long HandlerFailures => Volatile.Read(ref handlerFailures);

    /// <summary>Gets the publishes that were given up: QoS 0 without a connection, or larger than the broker accepts.</summary>
    public long PublishesDropped => Volatile.Read(ref droppedPublishes);

    /// <summary>Gets how often a lost connection was made again.</summary>
    public long Reconnects => Volatile.Read(ref reconnects);

    internal void CountReceived() => Interlocked.Increment(ref received);

    internal void CountUnmatched() => Interlocked.Increment(ref unmatched);

    internal void CountHandlerFailure() => Interlocked.Increment(ref handlerFailures);

    internal void CountDroppedPublish() => Interlocked.Increment(ref droppedPublishes);

    internal void CountReconnect() => Interlocked.Increment(ref reconnects);
}
