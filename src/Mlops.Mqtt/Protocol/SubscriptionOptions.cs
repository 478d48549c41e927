namespace Mlops.Mqtt.Protocol;

/// <summary>The options byte that follows each filter in SUBSCRIBE (MQTT 5, section 3.8.3.1).</summary>
internal readonly record struct SubscriptionOptions(
    MqttQualityOfService MaximumQoS,
    bool NoLocal = false,
    bool RetainAsPublished = false,
    MqttRetainHandling RetainHandling = MqttRetainHandling.Send)
{
    public static SubscriptionOptions FromByte(byte value, MqttProtocolVersion version)
    {
        int reserved = version == MqttProtocolVersion.V5 ? 0b1100_0000 : 0b1111_1100;
        if ((value & reserved) != 0)
            throw MqttProtocolException.Malformed($"A reserved bit of the subscription options 0x{value:X2} is set.");
        int handling = (value >> 4) & 3;
        if ((value & 3) == 3 || handling == 3)
            throw MqttProtocolException.NotAllowed($"The subscription options 0x{value:X2} ask for a quality of service or a retain handling of 3.");
        return new SubscriptionOptions((MqttQualityOfService)(value & 3), (value & 4) != 0, (value & 8) != 0, (MqttRetainHandling)handling);
    }

    public byte ToByte(MqttProtocolVersion version)
    {
        int value = (int)MaximumQoS;
        if (version == MqttProtocolVersion.V5)
            value |= (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | ((int)RetainHandling << 4);
        return (byte)value;
    }
}
