using System.Numerics;
using System.Runtime.InteropServices;

namespace Mlops.Store.CommitLog;

/// <summary>
/// CRC-32C (Castagnoli), for which processors have an instruction. It takes three cycles and another can begin in each, so long data is
/// summed up in three strands at once.
/// </summary>
internal static class Checksum
{
    private const int StrandBytes = 4096;
    private static readonly uint[] Past = MakePast();

    public static uint Of(ReadOnlySpan<byte> data) => ~Add(~0u, data);

    /// <summary>Returns the checksum of a whole file; it need not fit into memory.</summary>
    public static uint OfFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[128 * 1024];
        uint crc = ~0u;
        for (int read; (read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
            crc = Add(crc, buffer.AsSpan(0, read));
        return ~crc;
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= 3 * StrandBytes; data = data[(3 * StrandBytes)..])
        {
            ReadOnlySpan<ulong> strands = MemoryMarshal.Cast<byte, ulong>(data[..(3 * StrandBytes)]);
            const int Words = StrandBytes / sizeof(ulong);
            ReadOnlySpan<ulong> a = strands[..Words], b = strands.Slice(Words, Words), c = strands.Slice(2 * Words, Words);
            uint second = 0, third = 0;
            for (int i = 0; i < a.Length; i++)
            {
                crc = BitOperations.Crc32C(crc, a[i]);
                second = BitOperations.Crc32C(second, b[i]);
                third = BitOperations.Crc32C(third, c[i]);
            }

            crc = PastStrand(PastStrand(crc) ^ second) ^ third;
        }

        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (byte b in data[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    // What a checksum becomes by a strand of zeros. The code is linear: each byte of it goes its own way.
    private static uint PastStrand(uint crc) =>
        Past[crc & 0xFF] ^ Past[256 + ((crc >> 8) & 0xFF)] ^ Past[512 + ((crc >> 16) & 0xFF)] ^ Past[768 + (crc >> 24)];

    private static uint[] MakePast()
    {
        var bits = new uint[32];
        for (int bit = 0; bit < bits.Length; bit++)
        {
            bits[bit] = 1u << bit;
            for (int i = 0; i < StrandBytes / sizeof(ulong); i++)
                bits[bit] = BitOperations.Crc32C(bits[bit], 0UL);
        }

        var past = new uint[4 * 256];
        for (int i = 0; i < past.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
                past[i] ^= (i & (1 << bit)) != 0 ? bits[(i / 256 * 8) + bit] : 0;
        }

        return past;
    }
}
