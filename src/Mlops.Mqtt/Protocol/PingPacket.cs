namespace Mlops.Mqtt.Protocol;

/// <summary>PINGREQ and PINGRESP: nothing but a first byte and a length of 0 (MQTT 5, sections 3.12 and 3.13).</summary>
internal static class PingPacket
{
    public const int Size = 2;

    public static int Write(Span<byte> target, PacketType type)
    {
        target[0] = (byte)((int)type << 4);
        target[1] = 0;
        return Size;
    }

    public static void Check(byte first, ReadOnlySpan<byte> body)
    {
        if ((first & 15) != 0 || !body.IsEmpty)
            throw MqttProtocolException.Malformed($"{(PacketType)(first >> 4)} has a flag or a content.");
    }
}
