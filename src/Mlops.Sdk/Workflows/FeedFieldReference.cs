namespace Mlops.Workflows;

/// <summary>Names a field of a feed.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Field">Name of the field.</param>
public sealed record FeedFieldReference(string Feed, string Field);
