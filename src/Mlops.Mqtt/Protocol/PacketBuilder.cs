using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>Builds the rare packets (all but PUBLISH, PUBACK and pings) into one array.</summary>
internal sealed class PacketBuilder
{
    private readonly ArrayBufferWriter<byte> body = new(128);
    private ArrayBufferWriter<byte>? properties;

    /// <summary>Where the next values go: the body, or the properties while they are open.</summary>
    private ArrayBufferWriter<byte> Target => properties ?? body;

    public PacketBuilder Byte(byte value)
    {
        Target.GetSpan(1)[0] = value;
        Target.Advance(1);
        return this;
    }

    public PacketBuilder UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Target.GetSpan(2), value);
        Target.Advance(2);
        return this;
    }

    public PacketBuilder UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Target.GetSpan(4), value);
        Target.Advance(4);
        return this;
    }

    /// <exception cref="MqttException">The text has half of a surrogate pair or a NUL, or is too long (MQTT 5, section 1.5.4).</exception>
    public PacketBuilder Text(string value)
    {
        if (value.Contains('\0') || !MqttTopicFilter.IsPaired(value))
            throw new MqttException(MqttReasonCode.MalformedPacket, "A text has a NUL or half of a surrogate pair, which MQTT does not allow.");
        return Binary(Encoding.UTF8.GetBytes(value));
    }

    public PacketBuilder Binary(ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue)
            throw new MqttException(MqttReasonCode.PacketTooLarge, $"A field of {value.Length} bytes does not fit: 65535 are the limit.");
        UInt16((ushort)value.Length);
        Target.Write(value);
        return this;
    }

    public PacketBuilder Raw(ReadOnlySpan<byte> value)
    {
        Target.Write(value);
        return this;
    }

    public PacketBuilder Variable(int value)
    {
        Target.Advance(VariableByteInteger.Write(Target.GetSpan(4), value));
        return this;
    }

    public PacketBuilder Property(PropertyId id, uint value, bool when = true)
    {
        if (!when)
            return this;
        Byte((byte)id);
        return PropertyRules.FormOf(id) switch
        {
            PropertyForm.Flag => Byte((byte)value),
            PropertyForm.UInt16 => UInt16((ushort)value),
            PropertyForm.Variable => Variable((int)value),
            _ => UInt32(value),
        };
    }

    public PacketBuilder Property(PropertyId id, string? value) => value is null ? this : Byte((byte)id).Text(value);

    public PacketBuilder Property(PropertyId id, ReadOnlySpan<byte> value) => Byte((byte)id).Binary(value);

    public PacketBuilder UserProperties(IReadOnlyList<MqttUserProperty> values)
    {
        foreach (var (name, value) in values)
            Byte((byte)PropertyId.UserProperty).Text(name).Text(value);
        return this;
    }

    /// <summary>Gives what was written, without a header.</summary>
    public byte[] ToArray() => body.WrittenSpan.ToArray();

    /// <summary>Begins a property section if the version has properties; ended by <see cref="EndProperties"/>.</summary>
    public PacketBuilder BeginProperties()
    {
        properties = new ArrayBufferWriter<byte>(32);
        return this;
    }

    public PacketBuilder EndProperties()
    {
        var section = properties!.WrittenSpan;
        properties = null;
        return Variable(section.Length).Raw(section);
    }

    public byte[] Build(PacketType type, byte flags = 0)
    {
        int size = VariableByteInteger.SizeOf(body.WrittenCount);
        var packet = new byte[1 + size + body.WrittenCount];
        packet[0] = (byte)(((int)type << 4) | flags);
        VariableByteInteger.Write(packet.AsSpan(1), body.WrittenCount);
        body.WrittenSpan.CopyTo(packet.AsSpan(1 + size));
        return packet;
    }
}
