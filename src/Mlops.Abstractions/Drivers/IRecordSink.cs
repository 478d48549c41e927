using Mlops.Data;

namespace Mlops.Drivers;

/// <summary>Where a driver puts what it reads. Thread-safe.</summary>
public interface IRecordSink
{
    /// <summary>Declares a group of data points as a feed named <c>kind.asset.group</c>, or adds fields to it.</summary>
    /// <param name="group">Name of the group.</param>
    /// <param name="fields">Its data points.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema for the batches.</returns>
    ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default);

    /// <summary>Writes records; their positions are given by the store. The batch stays the driver's to dispose.</summary>
    /// <param name="batch">Records under a schema from <see cref="DeclareAsync"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the records may be kept all the same.</param>
    /// <returns>Completes once durable. A driver that reads faster than this completes must wait or drop by itself and say so.</returns>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Reports the state of the connection.</summary>
    /// <param name="state">The state.</param>
    /// <param name="reason">Why, and what helps; <see langword="null"/> when connected.</param>
    void Report(DriverState state, string? reason = null);
}
