using System.Numerics;
using System.Runtime.InteropServices;

namespace Mlops.Store.CommitLog;

/// <summary>CRC-32C (Castagnoli), for which processors have an instruction.</summary>
internal static class Checksum
{
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
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (byte b in data[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
