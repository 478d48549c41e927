using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>A condition that a scan adds to those of its query.</summary>
/// <param name="Sql">The condition.</param>
/// <param name="Present">Index of the feed's field that must have a value, if that is all there is to it.</param>
internal sealed record ScanCondition(string Sql, int? Present = null)
{
    public bool IsPlain => Present is not null;

    /// <summary>Wants records that have a value in a field.</summary>
    public static ScanCondition HasValue(FeedRevision feed, int field) => new($"{Queries.Sql.Identifier(feed.Columns[field])} IS NOT NULL", field);
}
