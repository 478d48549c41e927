using Mlops.Data;

namespace Mlops.Store.Queries;

/// <summary>What a scan gives instead of the feed's own fields.</summary>
/// <param name="Schema">The schema of its batches.</param>
/// <param name="Expressions">SQL behind each field, over the feed's columns.</param>
/// <param name="Condition">A further condition in SQL.</param>
internal sealed record ScanProjection(FeedSchema Schema, IReadOnlyList<string> Expressions, string? Condition = null);
