namespace Mlops.Databus;

/// <summary>Writes values to the apps on the Common Databus, and asks them for news. Thread-safe.</summary>
public interface IDatabusWriter
{
    /// <summary>Writes values of one collection to its app.</summary>
    /// <param name="feed">Id of the feed that the collection fills.</param>
    /// <param name="values">
    /// Data point → value as the feed has it: bool, integers, floating point, string, <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>, or an
    /// array of these. Durations and times of day given as integers are nanoseconds.
    /// </param>
    /// <param name="answerWithin">How long to wait for the app's answer; <see langword="null"/> asks for none, which old apps do not give.</param>
    /// <param name="cancellationToken">Gives up waiting; the values may be written all the same.</param>
    /// <returns>Completes when the broker has taken the values and, if asked for, the app has answered or the time is over.</returns>
    /// <exception cref="ArgumentException">No app announces the feed, a data point cannot be written, or a value does not fit it: which, and why.</exception>
    /// <exception cref="InvalidOperationException">The host has no message bus.</exception>
    ValueTask<DatabusWriteResult> WriteAsync(
        string feed, IReadOnlyDictionary<string, object?> values, TimeSpan? answerWithin = null, CancellationToken cancellationToken = default);

    /// <summary>Asks apps to publish their metadata and all values now.</summary>
    /// <param name="path">An app, followed by connection and collection if wanted, with slashes between; empty for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when the broker has taken the request.</returns>
    /// <exception cref="InvalidOperationException">The host has no message bus.</exception>
    ValueTask RequestUpdateAsync(string path = "", CancellationToken cancellationToken = default);
}
