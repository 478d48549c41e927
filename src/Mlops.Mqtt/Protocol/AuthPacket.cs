using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>AUTH (MQTT 5, section 3.15): one step of an enhanced authentication.</summary>
internal sealed record AuthPacket(MqttReasonCode Reason, string? Method, ReadOnlyMemory<byte> Data, string? ReasonString = null)
{
    public static AuthPacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        if (first != (int)PacketType.Auth << 4)
            throw MqttProtocolException.Malformed("A reserved flag of AUTH is set.");
        if (version != MqttProtocolVersion.V5)
            throw MqttProtocolException.NotAllowed("AUTH exists in MQTT 5 only.");
        var reader = new PacketReader(body);
        if (reader.AtEnd)
            return new AuthPacket(MqttReasonCode.Success, null, default);
        var packet = new AuthPacket(ReasonRules.Check(PacketType.Auth, reader.ReadByte()), null, default);
        if (!reader.AtEnd)
        {
            var properties = new PropertyReader(reader.ReadProperties(), PacketType.Auth);
            while (properties.Next())
            {
                packet = properties.Id switch
                {
                    PropertyId.AuthenticationMethod => packet with { Method = Encoding.UTF8.GetString(properties.Bytes) },
                    PropertyId.AuthenticationData => packet with { Data = properties.Bytes.ToArray() },
                    PropertyId.ReasonString => packet with { ReasonString = Encoding.UTF8.GetString(properties.Bytes) },
                    _ => packet,
                };
            }
        }

        reader.ExpectEnd();
        return packet;
    }

    public byte[] Write()
    {
        var builder = new PacketBuilder().Byte((byte)Reason).BeginProperties()
            .Property(PropertyId.AuthenticationMethod, Method)
            .Property(PropertyId.ReasonString, ReasonString);
        if (!Data.IsEmpty)
            builder.Property(PropertyId.AuthenticationData, Data.Span);
        return builder.EndProperties().Build(PacketType.Auth);
    }
}
