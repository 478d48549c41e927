using System.Numerics;

namespace Mlops.Data;

/// <summary>Works on validity bitmaps: one bit a value, least significant bit first, set = present.</summary>
public static class ValidityBits
{
    /// <summary>Copies bits; other bits of the destination stay.</summary>
    /// <param name="source">Bitmap to read.</param>
    /// <param name="sourceBit">First bit to read.</param>
    /// <param name="destination">Bitmap to write.</param>
    /// <param name="destinationBit">First bit to write.</param>
    /// <param name="count">Number of bits.</param>
    /// <exception cref="IndexOutOfRangeException">A bitmap is too short.</exception>
    public static void Copy(ReadOnlySpan<byte> source, int sourceBit, Span<byte> destination, int destinationBit, int count)
    {
        // Single bits until the destination stands on a whole byte, then bytes, then the bits that are left.
        for (; count > 0 && (destinationBit & 7) != 0; count--)
            Assign(destination, destinationBit++, Get(source, sourceBit++));
        int bytes = count >> 3;
        int shift = sourceBit & 7;
        if (shift == 0)
        {
            source.Slice(sourceBit >> 3, bytes).CopyTo(destination[(destinationBit >> 3)..]);
        }
        else
        {
            ReadOnlySpan<byte> from = source[(sourceBit >> 3)..];
            Span<byte> to = destination[(destinationBit >> 3)..];
            for (int i = 0; i < bytes; i++)
                to[i] = (byte)((from[i] >> shift) | (from[i + 1] << (8 - shift)));
        }

        for (int i = bytes << 3; i < count; i++)
            Assign(destination, destinationBit + i, Get(source, sourceBit + i));
    }

    /// <summary>Sets or clears a range of bits.</summary>
    /// <param name="bitmap">Bitmap to write.</param>
    /// <param name="first">First bit.</param>
    /// <param name="count">Number of bits.</param>
    /// <param name="value">What they become.</param>
    /// <exception cref="IndexOutOfRangeException">The bitmap is too short.</exception>
    public static void Fill(Span<byte> bitmap, int first, int count, bool value)
    {
        for (; count > 0 && (first & 7) != 0; count--)
            Assign(bitmap, first++, value);
        bitmap.Slice(first >> 3, count >> 3).Fill(value ? (byte)0xFF : (byte)0);
        for (int i = count & ~7; i < count; i++)
            Assign(bitmap, first + i, value);
    }

    /// <summary>Counts the set bits among the first ones.</summary>
    /// <param name="bitmap">The bitmap.</param>
    /// <param name="count">How many bits to look at.</param>
    /// <returns>How many of them are set.</returns>
    /// <exception cref="IndexOutOfRangeException">The bitmap is too short.</exception>
    public static int CountSet(ReadOnlySpan<byte> bitmap, int count)
    {
        int set = 0;
        foreach (byte bits in bitmap[..(count >> 3)])
            set += BitOperations.PopCount(bits);
        return (count & 7) == 0 ? set : set + BitOperations.PopCount(bitmap[count >> 3] & ((1u << (count & 7)) - 1));
    }

    private static bool Get(ReadOnlySpan<byte> bitmap, int bit) => (bitmap[bit >> 3] & (1 << (bit & 7))) != 0;

    private static void Assign(Span<byte> bitmap, int bit, bool value)
    {
        if (value)
            bitmap[bit >> 3] |= (byte)(1 << (bit & 7));
        else
            bitmap[bit >> 3] &= (byte)~(1 << (bit & 7));
    }
}
