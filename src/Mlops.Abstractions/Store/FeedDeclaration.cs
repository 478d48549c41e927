using Mlops.Data;

namespace Mlops.Store;

/// <summary>Announces a feed with its fields; the store creates it or adds the fields that are new.</summary>
/// <param name="Origin">The announced names; the id follows from them. <see langword="null"/> when <paramref name="Feed"/> names the feed.</param>
/// <param name="Feed">Id of the feed when there is no origin.</param>
/// <param name="Fields">Its fields; those the feed has and that are missing here stay.</param>
public sealed record FeedDeclaration(FeedOrigin? Origin, string? Feed, IReadOnlyList<FeedField> Fields);
