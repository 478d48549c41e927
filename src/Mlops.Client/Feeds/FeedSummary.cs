namespace Mlops.Client;

/// <summary>A feed and what is stored of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="Records">How many records it has, those included that are not in a file yet.</param>
/// <param name="First">The time of its first record.</param>
/// <param name="Last">The time of its last record.</param>
/// <param name="Version">Version of its fields.</param>
/// <param name="Position">Position of its newest record.</param>
/// <param name="App">The app that announced it.</param>
/// <param name="Connection">The connection, as announced.</param>
/// <param name="Collection">The collection, as announced.</param>
public sealed record FeedSummary(
    string Id,
    IReadOnlyList<FieldDetails> Fields,
    long Records,
    DateTimeOffset? First = null,
    DateTimeOffset? Last = null,
    int Version = 1,
    long Position = 0,
    string? App = null,
    string? Connection = null,
    string? Collection = null);
