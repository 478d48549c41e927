using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>Unpacks samples into one word each, in their own range: 0 to 4095 for 12 bits.</summary>
internal static class SampleReader
{
    /// <param name="layout">How they are packed.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="first">Number of the first sample.</param>
    /// <param name="samples">Takes the samples.</param>
    public static void Read(in PixelLayout layout, ReadOnlySpan<byte> source, long first, Span<ushort> samples)
    {
        switch (layout.Packing)
        {
            case SamplePacking.Bytes:
                ReadOnlySpan<byte> bytes = source.Slice((int)first, samples.Length);
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = bytes[i];
                break;
            case SamplePacking.Words when BitConverter.IsLittleEndian:
                MemoryMarshal.Cast<byte, ushort>(source.Slice((int)first * 2, samples.Length * 2)).CopyTo(samples);
                break;
            case SamplePacking.Words:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadUInt16LittleEndian(source[(int)((first + i) * 2)..]);
                break;
            case SamplePacking.GigEVision:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = GigEVision(source, first + i, layout.Bits - 8);
                break;
            default:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = Bits(source, (first + i) * layout.Bits, layout.Bits);
                break;
        }
    }

    // The middle byte has the low bits of the even sample at bit 0 and those of the odd one at bit 4.
    private static ushort GigEVision(ReadOnlySpan<byte> source, long sample, int low)
    {
        int group = (int)(sample / 2 * 3);
        int mask = (1 << low) - 1;
        return (sample & 1) == 0
            ? (ushort)((source[group] << low) | (source[group + 1] & mask))
            : (ushort)((source[group + 2] << low) | ((source[group + 1] >> 4) & mask));
    }

    private static ushort Bits(ReadOnlySpan<byte> source, long bit, int count)
    {
        int at = (int)(bit >> 3);
        int shift = (int)(bit & 7);
        int value = source[at] | (at + 1 < source.Length ? source[at + 1] << 8 : 0) | (at + 2 < source.Length ? source[at + 2] << 16 : 0);
        return (ushort)((value >> shift) & ((1 << count) - 1));
    }
}
