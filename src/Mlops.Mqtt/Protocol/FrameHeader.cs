namespace Mlops.Mqtt.Protocol;

/// <summary>The fixed header of a packet: its first byte and the length of what follows.</summary>
internal readonly struct FrameHeader(byte first, int size, int bodyLength)
{
    /// <summary>The longest fixed header: a first byte and a four-byte length.</summary>
    public const int MaxSize = 5;

    public byte First { get; } = first;

    public int Size { get; } = size;

    public int BodyLength { get; } = bodyLength;

    public int PacketLength => Size + BodyLength;

    public PacketType Type => (PacketType)(First >> 4);

    /// <summary>Gives the length of a packet with such a body.</summary>
    public static int LengthOf(int bodyLength) => 1 + VariableByteInteger.SizeOf(bodyLength) + bodyLength;

    public static bool TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        if (source.Length >= 2 && VariableByteInteger.TryRead(source[1..], out int length, out int size))
        {
            header = new FrameHeader(source[0], 1 + size, length);
            return true;
        }

        header = default;
        return false;
    }
}
