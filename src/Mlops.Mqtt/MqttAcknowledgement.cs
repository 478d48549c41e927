using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt;

/// <summary>Releases the PUBACK of one received message.</summary>
/// <remarks>
/// Thread-safe, may be kept as long as needed, costs no allocation. PUBACKs leave in the order in which their messages came, whatever
/// the order of the releases. A message that is never released is sent again by its sender after the next reconnect.
/// </remarks>
public readonly struct MqttAcknowledgement : IEquatable<MqttAcknowledgement>
{
    private readonly AcknowledgementSequencer? sequencer;
    private readonly long sequence;
    private readonly uint holder;

    internal MqttAcknowledgement(AcknowledgementSequencer sequencer, long sequence, uint holder)
    {
        this.sequencer = sequencer;
        this.sequence = sequence;
        this.holder = holder;
    }

    /// <summary>Releases the acknowledgement. Does nothing when called again, for QoS 0, or after the connection is gone.</summary>
    public void Complete() => sequencer?.Release(sequence, holder);

    /// <inheritdoc/>
    public bool Equals(MqttAcknowledgement other) =>
        ReferenceEquals(sequencer, other.sequencer) && sequence == other.sequence && holder == other.holder;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MqttAcknowledgement other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(sequencer, sequence, holder);

    /// <summary>Tells whether both release the same acknowledgement.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when equal.</returns>
    public static bool operator ==(MqttAcknowledgement left, MqttAcknowledgement right) => left.Equals(right);

    /// <summary>Tells whether they release different acknowledgements.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when different.</returns>
    public static bool operator !=(MqttAcknowledgement left, MqttAcknowledgement right) => !left.Equals(right);
}
