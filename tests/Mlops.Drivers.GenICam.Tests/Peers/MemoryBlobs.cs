using System.Collections.Concurrent;
using System.Security.Cryptography;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>Blobs in memory; may refuse, as a full disk does, or take long.</summary>
internal sealed class MemoryBlobs : IBlobStore
{
    public ConcurrentDictionary<string, (byte[] Content, string MediaType)> Contents { get; } = new();

    public bool IsFull { get; set; }

    /// <summary>Gets or sets what each call waits for.</summary>
    public Func<Task> Delay { get; set; } = () => Task.CompletedTask;

    public async Task<BlobReference> PutAsync(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken = default)
    {
        if (IsFull)
            throw new IOException("No space left on device.");
        await Delay().WaitAsync(cancellationToken);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        Contents[hash] = (content.ToArray(), mediaType);
        return new BlobReference(hash, content.Length, mediaType);
    }

    public Task<BlobReference> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Stream? Open(BlobReference reference) => Contents.TryGetValue(reference.Hash, out var kept) ? new MemoryStream(kept.Content) : null;
}
