namespace Mlops.Client;

/// <summary>How the rows of a feed, or of a group of feeds, are assembled.</summary>
/// <param name="Feed">The feed: an id, or its beginning followed by <c>*</c>.</param>
/// <param name="Mode"><c>message</c>, <c>latest</c> or <c>cycle</c>.</param>
/// <param name="MaxAge">How old a last known value may be.</param>
/// <param name="Period">How long a cycle is.</param>
/// <param name="Shape"><c>auto</c>, <c>wide</c> or <c>long</c>.</param>
public sealed record AssemblyEntry(string Feed, string Mode, TimeSpan MaxAge, TimeSpan Period, string Shape);
