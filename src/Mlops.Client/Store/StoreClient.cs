namespace Mlops.Client;

/// <summary>The store: its size and health, its upkeep, and blobs. Thread-safe.</summary>
public sealed class StoreClient
{
    private readonly Transport _transport;

    internal StoreClient(Transport transport) => _transport = transport;

    /// <summary>Returns size and growth of each feed, and what is wrong.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<StoreDetails> GetAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<StoreDetails>("store", cancellationToken);

    /// <summary>Compares every stored byte with its checksum.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was read and found.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<VerificationAnswer> VerifyAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync<VerificationAnswer>(HttpMethod.Post, "store/verify", null, cancellationToken);

    /// <summary>Drops now what the settings of retention say.</summary>
    /// <param name="pastReaders">Whether records go that a reader has not come to yet.</param>
    /// <param name="cancellationToken">Leaves the rest for the next time.</param>
    /// <returns>What was dropped.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<RetentionAnswer> ApplyRetentionAsync(bool pastReaders = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<RetentionAnswer>(HttpMethod.Post, pastReaders ? "store/retention?pastReaders=true" : "store/retention", null, cancellationToken);

    /// <summary>Gives up for good what was set aside of a feed.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What was given up.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DamagedPart>> ForgetDamagedAsync(string feed, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<IReadOnlyList<DamagedPart>>(HttpMethod.Post, $"store/damaged/{Query.Segment(feed)}/forget", null, cancellationToken);

    /// <summary>Stores a blob, for example an image; equal content is kept once.</summary>
    /// <param name="content">The content.</param>
    /// <param name="mediaType">What it is, for example <c>image/png</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Its reference, which a record then holds.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BlobDetails> PutBlobAsync(Stream content, string mediaType, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BlobDetails>(HttpMethod.Post, Query.Of("blobs", ("type", mediaType)), Transport.File(content, "application/octet-stream"), cancellationToken);

    /// <summary>Fetches a blob.</summary>
    /// <param name="reference">What the record holds.</param>
    /// <param name="target">Takes the content.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is there.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task GetBlobAsync(string reference, Stream target, CancellationToken cancellationToken = default) =>
        _transport.CopyAsync(Query.Of("blobs", ("reference", reference)), target, cancellationToken);
}
