using Mlops.Data;

namespace Mlops.Store.Queries;

/// <summary>What a scan gives instead of the feed's own fields.</summary>
/// <param name="Schema">The schema of its batches.</param>
/// <param name="Columns">What stands behind each field.</param>
/// <param name="Condition">Which records count.</param>
internal sealed record ScanProjection(FeedSchema Schema, IReadOnlyList<ScanColumn> Columns, ScanCondition? Condition = null)
{
    /// <summary>Gets a value indicating whether records can be projected without the query engine.</summary>
    public bool IsPlain => Columns.All(c => c.IsPlain) && Condition is not { IsPlain: false };
}
