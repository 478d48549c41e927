namespace Mlops.Databus;

/// <summary>A feed that an app on the Common Databus fills.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="App">The app's name in topics.</param>
/// <param name="Connection">The connection's name.</param>
/// <param name="Collection">The collection's name.</param>
public sealed record DatabusFeedInfo(string Feed, string App, string Connection, string Collection)
{
    /// <summary>Gets why no values are to be expected, for example that the app's last will said <c>unavailable</c>; <see langword="null"/> while they are.</summary>
    public string? StaleReason { get; init; }

    /// <summary>Gets since when there is a <see cref="StaleReason"/>.</summary>
    public DateTimeOffset? StaleSince { get; init; }

    /// <summary>Gets when values came last since this node has started.</summary>
    public DateTimeOffset? LastValue { get; init; }

    /// <summary>Gets how many numbers were missing in the sender's sequence since this node has started.</summary>
    public long Missing { get; init; }

    /// <summary>Gets the names of the data points that can be written.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];
}
