using System.Buffers;
using System.Security.Cryptography;

namespace Mlops.Store.Backup;

/// <summary>Copies a stream and tells what went through.</summary>
internal static class HashingCopy
{
    /// <summary>Copies to the end.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="target">Where to; <see langword="null"/> to read only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many bytes there were, and their SHA-256 in lower-case hexadecimal.</returns>
    public static async Task<(long Size, string Sha256)> RunAsync(Stream source, Stream? target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            long size = 0;
            for (int read; (read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; size += read)
            {
                hash.AppendData(buffer, 0, read);
                if (target is not null)
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
