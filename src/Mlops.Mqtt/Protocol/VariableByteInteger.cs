namespace Mlops.Mqtt.Protocol;

/// <summary>Integers of one to four bytes with seven bits each (MQTT 5, section 1.5.5).</summary>
internal static class VariableByteInteger
{
    public const int MaxValue = 268_435_455;

    public static int SizeOf(int value) => value switch
    {
        < 128 => 1,
        < 16_384 => 2,
        < 2_097_152 => 3,
        _ => 4,
    };

    public static int Write(Span<byte> target, int value)
    {
        int count = 0;
        while (value >= 128)
        {
            target[count++] = (byte)(value | 128);
            value >>= 7;
        }

        target[count++] = (byte)value;
        return count;
    }

    /// <summary>Reads an integer; false when the span ends within it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out int value, out int size)
    {
        value = 0;
        for (size = 0; size < source.Length; size++)
        {
            if (size == 4)
                throw MqttProtocolException.Malformed("A variable byte integer is longer than four bytes.");
            byte next = source[size];
            value |= (next & 127) << (7 * size);
            if (next < 128)
            {
                if (next == 0 && size > 0)
                    throw MqttProtocolException.Malformed("A variable byte integer is written with more bytes than it needs.");
                size++;
                return true;
            }
        }

        if (size >= 4)
            throw MqttProtocolException.Malformed("A variable byte integer is longer than four bytes.");
        return false;
    }
}
