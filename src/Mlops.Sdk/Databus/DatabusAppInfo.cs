namespace Mlops.Databus;

/// <summary>An app on the Common Databus.</summary>
/// <param name="Name">Its name in topics.</param>
/// <param name="ApplicationName">Its name for people; <see langword="null"/> when it gives none.</param>
/// <param name="Status">What it says of itself: <c>available</c>, <c>good</c>, <c>bad</c>, <c>unavailable</c>; <see langword="null"/> when it says nothing.</param>
/// <param name="StatusSince">When <paramref name="Status"/> last changed.</param>
/// <param name="Connections">What it says of its connections: name → <c>good</c>, <c>bad</c>, <c>stopped</c>.</param>
/// <param name="Feeds">Ids of the feeds that its values fill.</param>
public sealed record DatabusAppInfo(
    string Name,
    string? ApplicationName,
    string? Status,
    DateTimeOffset? StatusSince,
    IReadOnlyDictionary<string, string> Connections,
    IReadOnlyList<string> Feeds);
