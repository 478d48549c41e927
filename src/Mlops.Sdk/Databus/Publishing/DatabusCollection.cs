using Mlops.Data;

namespace Mlops.Databus.Publishing;

/// <summary>A collection of our own app as it stands in our metadata. Immutable.</summary>
/// <param name="Connection">Name of its connection.</param>
/// <param name="Name">Its name.</param>
/// <param name="Topic">Where its values are published.</param>
/// <param name="WriteTopic">Where others may write its writable data points.</param>
/// <param name="Fields">Data points that it publishes; the id of each is its name.</param>
/// <param name="Writable">Data points that others may write.</param>
internal sealed record DatabusCollection(
    string Connection,
    string Name,
    string Topic,
    string WriteTopic,
    IReadOnlyList<FeedField> Fields,
    IReadOnlyList<FeedField> Writable);
