using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>What the receiver of a connection takes, as it said when the connection was made.</summary>
/// <param name="Version">The version that is spoken.</param>
/// <param name="ReceiveMaximum">The most QoS 1 and 2 messages that it takes before it acknowledges the first.</param>
/// <param name="MaximumPacketSize">Bytes; 0 sets no limit.</param>
/// <param name="MaximumQoS">The highest quality of service that it takes.</param>
/// <param name="TakesRetained">Whether it takes messages to retain.</param>
internal readonly record struct ReceiverLimits(
    MqttProtocolVersion Version,
    int ReceiveMaximum,
    uint MaximumPacketSize = 0,
    MqttQualityOfService MaximumQoS = MqttQualityOfService.ExactlyOnce,
    bool TakesRetained = true)
{
    public uint LargestPacket => MaximumPacketSize == 0 ? uint.MaxValue : MaximumPacketSize;

    /// <summary>Whether it takes a message of this quality, and to retain it if that is asked for (MQTT 5, sections 3.2.2.3.4 and 3.2.2.3.5).</summary>
    public bool Offers(byte flags) =>
        PublishFlags.QualityOfService(flags) <= MaximumQoS && (TakesRetained || (flags & PublishFlags.Retain) == 0);

    /// <summary>Says why a message is not sent to it.</summary>
    public MqttException Explain(DropReason reason, byte flags, string topic)
    {
        var quality = PublishFlags.QualityOfService(flags);
        return reason switch
        {
            DropReason.Expired => new MqttException($"The message for '{topic}' was not sent: it expired while it waited."),
            DropReason.TooLarge => new MqttException(
                MqttReasonCode.PacketTooLarge,
                $"The message for '{topic}' was not sent: the receiver takes packets of at most {LargestPacket} bytes. Send less at once."),
            _ when quality > MaximumQoS => new MqttException(
                MqttReasonCode.QoSNotSupported,
                $"The message for '{topic}' was not sent: the broker takes at most QoS {(int)MaximumQoS}, and it has QoS {(int)quality}. Publish it with a lower one."),
            _ => new MqttException(
                MqttReasonCode.RetainNotSupported,
                $"The message for '{topic}' was not sent: the broker keeps no messages, and it is to be retained. Publish it without retain."),
        };
    }
}
