namespace Mlops.Client;

/// <summary>An app on the Common Databus.</summary>
/// <param name="Name">Its name in topics.</param>
/// <param name="Connections">What it says of its connections: name → <c>good</c>, <c>bad</c>, <c>stopped</c>.</param>
/// <param name="Feeds">Ids of the feeds that its values fill.</param>
/// <param name="ApplicationName">Its name for people.</param>
/// <param name="Status">What it says of itself: <c>available</c>, <c>good</c>, <c>bad</c>, <c>unavailable</c>.</param>
/// <param name="StatusSince">When its status last changed.</param>
public sealed record DatabusApp(
    string Name,
    IReadOnlyDictionary<string, string> Connections,
    IReadOnlyList<string> Feeds,
    string? ApplicationName = null,
    string? Status = null,
    DateTimeOffset? StatusSince = null);
