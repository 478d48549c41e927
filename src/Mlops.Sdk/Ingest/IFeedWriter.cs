using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>Writes records from code in the same process. Thread-safe.</summary>
public interface IFeedWriter
{
    /// <summary>Declares a feed or adds fields to it.</summary>
    /// <param name="feed">Id of the feed; normalised.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema from now on.</returns>
    ValueTask<FeedSchema> DeclareAsync(string feed, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default);

    /// <summary>Writes a batch.</summary>
    /// <param name="batch">Records under a schema from <see cref="DeclareAsync"/>; stays the caller's to dispose. Its positions are not used.</param>
    /// <param name="cancellationToken">Gives up waiting; the records may be kept all the same.</param>
    /// <returns>Completes once durable.</returns>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Writes records given as names and values; creates the feed, and fields that are new, by the values' types.</summary>
    /// <param name="feed">Id of the feed; normalised.</param>
    /// <param name="records">The records. Values: bool, integers, floating point, text, <see cref="DateTimeOffset"/> or null.</param>
    /// <param name="cancellationToken">Gives up waiting; the records may be kept all the same.</param>
    /// <returns>Completes once durable.</returns>
    /// <exception cref="ArgumentException">A value does not fit its field.</exception>
    ValueTask WriteAsync(string feed, IReadOnlyList<FeedRecord> records, CancellationToken cancellationToken = default);
}
