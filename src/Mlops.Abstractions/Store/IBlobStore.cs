namespace Mlops.Store;

/// <summary>
/// Keeps blobs, such as frames, under the hash of their content: the same bytes are kept once. Store a blob first and then write the
/// record that names it (in a field made with <see cref="BlobReference.Field"/>); a blob that no record and no label names is deleted
/// some time after it was last stored. Thread-safe.
/// </summary>
public interface IBlobStore
{
    /// <summary>Keeps a blob.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="mediaType">What it is, for example <c>image/png</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reference; the blob is durable by then.</returns>
    /// <exception cref="ArgumentException">It is larger than the store takes, or the media type is of no use.</exception>
    /// <exception cref="IOException">The disk refuses; nothing was kept.</exception>
    Task<BlobReference> PutAsync(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken = default);

    /// <summary>Keeps what a stream holds from where it stands, without having it in memory as a whole.</summary>
    /// <param name="content">The bytes; it stays the caller's to dispose.</param>
    /// <param name="mediaType">What it is, for example <c>video/mp4</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reference; the blob is durable by then.</returns>
    /// <exception cref="ArgumentException">It is larger than the store takes, or the media type is of no use.</exception>
    /// <exception cref="IOException">The disk refuses, or the stream fails; nothing was kept.</exception>
    Task<BlobReference> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken = default);

    /// <summary>Opens a blob for reading.</summary>
    /// <param name="reference">Its reference.</param>
    /// <returns>The bytes, which the caller disposes; <see langword="null"/> when there is no such blob (any more).</returns>
    /// <exception cref="ArgumentException">The reference's hash is none.</exception>
    /// <exception cref="IOException">It cannot be read, or has another size than the reference says.</exception>
    Stream? Open(BlobReference reference);
}
