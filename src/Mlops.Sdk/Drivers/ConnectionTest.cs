namespace Mlops.Drivers;

/// <summary>What trying a driver with some settings has shown.</summary>
/// <param name="Reached">Whether it reached the asset: it reported so, or read records.</param>
/// <param name="Reason">Why not, and what helps; <see langword="null"/> when it did.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Feeds">The fields that it declared, by feed id.</param>
/// <param name="Records">How many records it read meanwhile; none was kept.</param>
public sealed record ConnectionTest(bool Reached, string? Reason, TimeSpan Took, IReadOnlyDictionary<string, IReadOnlyList<Data.FeedField>> Feeds, long Records);
