namespace Mlops.Client;

/// <summary>A feed that an app on the Common Databus fills.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="App">The app's name in topics.</param>
/// <param name="Connection">The connection's name.</param>
/// <param name="Collection">The collection's name.</param>
/// <param name="Missing">How many numbers were missing in the sender's sequence since the node started.</param>
/// <param name="Writable">The data points that can be written.</param>
/// <param name="StaleReason">Why no values are to be expected.</param>
/// <param name="StaleSince">Since when none are.</param>
/// <param name="LastValue">When values came last since the node started.</param>
public sealed record DatabusFeed(
    string Feed,
    string App,
    string Connection,
    string Collection,
    long Missing,
    IReadOnlyList<string> Writable,
    string? StaleReason = null,
    DateTimeOffset? StaleSince = null,
    DateTimeOffset? LastValue = null);
