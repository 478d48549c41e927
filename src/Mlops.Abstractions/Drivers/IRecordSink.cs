using Mlops.Data;

namespace Mlops.Drivers;

/// <summary>Where a driver puts what it reads. Thread-safe. Each run of a driver has a sink of its own, which takes nothing more once that run has ended.</summary>
public interface IRecordSink
{
    /// <summary>Declares a group of data points as a feed named <c>kind.asset.group</c>, or adds fields to it.</summary>
    /// <param name="group">Name of the group.</param>
    /// <param name="fields">Its data points.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema for the batches.</returns>
    /// <exception cref="ArgumentException">The group has no name, or two fields have the same.</exception>
    ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default);

    /// <summary>Writes records; their positions are given by the store. The batch stays the driver's to dispose.</summary>
    /// <param name="batch">Records under a schema from <see cref="DeclareAsync"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the records may be kept all the same.</param>
    /// <returns>Completes once durable. A driver that reads faster than this completes must wait or drop by itself and say so.</returns>
    /// <exception cref="ArgumentException">The feed was not declared in this run, or its fields have changed since.</exception>
    /// <exception cref="InvalidOperationException">Too many calls wait already: the driver does not await them.</exception>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Reports the state of the connection.</summary>
    /// <param name="state">The state.</param>
    /// <param name="reason">Why, and what helps; <see langword="null"/> when connected.</param>
    void Report(DriverState state, string? reason = null);

    /// <summary>Returns what the drivers of this asset have remembered, across restarts of the node.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Texts by key; empty at the first run, and again after the asset was removed.</returns>
    ValueTask<IReadOnlyDictionary<string, string>> RecallAsync(CancellationToken cancellationToken = default);

    /// <summary>Remembers a text, for example how far the asset was read. Call it after the records that it covers are written: then a crash repeats some and loses none.</summary>
    /// <param name="key">Names it; up to 512 characters.</param>
    /// <param name="value">The text, up to 65,536 characters; <see langword="null"/> forgets the key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once durable.</returns>
    /// <exception cref="ArgumentException">Key or text are too long, or the key is empty.</exception>
    ValueTask RememberAsync(string key, string? value, CancellationToken cancellationToken = default);
}
