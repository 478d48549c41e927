using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt;

/// <summary>What a client has done since it was created. Each value rises only, and may be read at any time.</summary>
/// <remarks>The same figures, with what they are made of, are instruments: <see cref="MqttInstruments"/>.</remarks>
public sealed class MqttClientCounters
{
    private long received, unmatched, handlerFailures, reconnects;

    /// <summary>Gets the messages received.</summary>
    public long MessagesReceived => Volatile.Read(ref received);

    /// <summary>Gets the messages sent, repetitions included.</summary>
    public long MessagesSent => Sent.Messages;

    /// <summary>Gets the messages received for which there was no handler.</summary>
    public long MessagesUnmatched => Volatile.Read(ref unmatched);

    /// <summary>Gets the messages whose handler threw.</summary>
    public long HandlerFailures => Volatile.Read(ref handlerFailures);

    /// <summary>Gets the publishes that were given up: QoS 0 without a connection, expired, too large or refused by the broker, or beyond what an outbox takes.</summary>
    public long PublishesDropped => Dropped.Total;

    /// <summary>Gets how often a lost connection was made again.</summary>
    public long Reconnects => Volatile.Read(ref reconnects);

    internal Traffic Received { get; } = new();

    internal Traffic Sent { get; } = new();

    internal ReasonTally<DropReason> Dropped { get; } = new();

    internal void CountReceived() => Interlocked.Increment(ref received);

    internal void CountUnmatched() => Interlocked.Increment(ref unmatched);

    internal void CountHandlerFailure() => Interlocked.Increment(ref handlerFailures);

    internal void CountReconnect() => Interlocked.Increment(ref reconnects);
}
