using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Mlops.Mqtt.Protocol;

/// <summary>A cursor over the body of one packet. Every read checks the length first; what is read stays in the buffer.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> rest = body;

    public readonly bool AtEnd => rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => rest;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public int ReadVariable()
    {
        if (!VariableByteInteger.TryRead(rest, out int value, out int size))
            throw MqttProtocolException.Malformed("The packet ends within a variable byte integer.");
        rest = rest[size..];
        return value;
    }

    public ushort ReadPacketId()
    {
        ushort id = ReadUInt16();
        return id != 0 ? id : throw MqttProtocolException.NotAllowed("The packet identifier is 0.");
    }

    public ReadOnlySpan<byte> ReadBinary() => Take(ReadUInt16());

    /// <summary>Reads a length-prefixed text without validation: the caller does that, or knows the bytes already.</summary>
    public ReadOnlySpan<byte> ReadUncheckedText() => ReadBinary();

    public ReadOnlySpan<byte> ReadText()
    {
        var text = ReadBinary();
        CheckText(text);
        return text;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadText());

    public ReadOnlySpan<byte> ReadProperties() => Take(ReadVariable());

    public readonly void ExpectEnd()
    {
        if (!rest.IsEmpty)
            throw MqttProtocolException.Malformed($"{rest.Length} bytes follow the end of the packet's content.");
    }

    public static void CheckText(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)0) || !Utf8.IsValid(text))
            throw MqttProtocolException.Malformed("A text is not valid UTF-8 or contains U+0000.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
            throw MqttProtocolException.Malformed($"The packet ends {count - rest.Length} bytes too early.");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
