using System.Globalization;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>What of a feed is still to be read: the conditions of a query, narrowed as its records are delivered.</summary>
internal sealed class ScanBounds(FeedQuery query, long lastPosition)
{
    public bool Descending => query.Descending;

    /// <summary>Gets the position after which records count.</summary>
    public long After { get; private set; } = query.AfterPosition ?? 0;

    /// <summary>Gets the last position that counts.</summary>
    public long To { get; private set; } = Math.Min(query.ToPosition ?? long.MaxValue, lastPosition);

    public long From => query.From ?? long.MinValue;

    /// <summary>Gets the last time that counts, inclusive.</summary>
    public long Until => query.To is null ? long.MaxValue : query.To.Value == long.MinValue ? long.MinValue : query.To.Value - 1;

    /// <summary>Gets how many records are still wanted.</summary>
    public long Remaining { get; private set; } = query.Limit ?? long.MaxValue;

    public bool IsEmpty => Remaining <= 0 || After >= To || From > Until || query.To == long.MinValue;

    /// <summary>Says that everything up to the end of a part, in the direction of reading, is done with.</summary>
    public void Pass(long first, long last)
    {
        if (Descending)
            To = Math.Min(To, first - 1);
        else
            After = Math.Max(After, last);
    }

    public void Deliver(int count) => Remaining -= count;

    /// <summary>Tells whether every record of a part counts.</summary>
    public bool Covers(StoredRange range) =>
        range.First > After && range.Last <= To && range.MinTime >= From && range.MaxTime <= Until && query.MinimumQuality == 0;

    public bool Contains(long position, long time, byte quality) =>
        position > After && position <= To && time >= From && time <= Until && quality >= query.MinimumQuality;

    /// <summary>Returns the conditions in SQL.</summary>
    /// <param name="filter">A checked filter.</param>
    public string Condition(string? filter)
    {
        var conditions = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{ColumnNames.Position} > {After} AND {ColumnNames.Position} <= {To}"),
        };
        if (query.From is not null)
            conditions.Add($"{ColumnNames.Timestamp} >= {Sql.Instant(From)}");
        if (query.To is not null)
            conditions.Add($"{ColumnNames.Timestamp} <= {Sql.Instant(Until)}");
        if (query.MinimumQuality > 0)
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{ColumnNames.Quality} >= {query.MinimumQuality}"));
        if (filter is not null)
            conditions.Add(filter);
        return string.Join(" AND ", conditions);
    }
}
