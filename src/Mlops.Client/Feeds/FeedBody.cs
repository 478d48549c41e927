namespace Mlops.Client;

/// <summary>The fields that a feed is to have.</summary>
/// <param name="Fields">The fields; those that it has stay.</param>
public sealed record FeedBody(IReadOnlyList<FieldDetails> Fields);
