using System.Globalization;
using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>A feed that a scan joins on time: each record gets the columns of the newest record of this feed that is not newer.</summary>
/// <param name="Source">The feed.</param>
/// <param name="Number">Tells joins of one scan apart.</param>
/// <param name="Fields">What the columns are to the reader.</param>
/// <param name="Expressions">SQL behind each, over the columns of this feed.</param>
/// <param name="Tolerance">How much older its record may be, in nanoseconds; <see langword="null"/> for any age.</param>
/// <param name="Required">Whether records without one are left out.</param>
internal sealed record ScanJoin(FeedSource Source, int Number, IReadOnlyList<FeedField> Fields, IReadOnlyList<string> Expressions, long? Tolerance, bool Required)
{
    private string Alias => string.Create(CultureInfo.InvariantCulture, $"\u0001{Number}");

    public string Table => string.Create(CultureInfo.InvariantCulture, $"joined{Number}");

    /// <summary>Gets the names of the columns in the joined table; no field is called like that.</summary>
    public IReadOnlyList<string> Columns => [.. Expressions.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{Alias}.{i}"))];

    /// <summary>Returns the columns as SQL of the joined table.</summary>
    public IEnumerable<string> Selected => Columns.Select(column => Tolerance is null
        ? $"{Sql.Identifier(Alias)}.{Sql.Identifier(column)}"
        : $"CASE WHEN {Fresh} THEN {Sql.Identifier(Alias)}.{Sql.Identifier(column)} END AS {Sql.Identifier(column)}");

    /// <summary>Gets the condition for records that are left out without a match.</summary>
    public string? Condition => !Required ? null : Tolerance is null ? $"{Sql.Identifier(Alias)}.{ColumnNames.Timestamp} IS NOT NULL" : $"coalesce({Fresh}, false)";

    private string Fresh => string.Create(CultureInfo.InvariantCulture, $"epoch_ns(p.{ColumnNames.Timestamp}) - epoch_ns({Sql.Identifier(Alias)}.{ColumnNames.Timestamp}) <= {Tolerance}");

    /// <summary>Returns the join as SQL.</summary>
    /// <param name="source">The loaded feed's SQL.</param>
    public string Join(string source)
    {
        string columns = string.Concat(Expressions.Zip(Columns, (e, name) => $", {e} AS {Sql.Identifier(name)}"));

        // Of several records of one time the one stored last is the newest; any of them would do for the engine, but not for repeating.
        string newest = $"SELECT {ColumnNames.Timestamp}{columns} FROM ({source}) WHERE {Source.Bounds.Condition(null)} QUALIFY row_number() OVER (PARTITION BY {ColumnNames.Timestamp} ORDER BY {ColumnNames.Position} DESC) = 1";
        return $" ASOF LEFT JOIN ({newest}) {Sql.Identifier(Alias)} ON p.{ColumnNames.Timestamp} >= {Sql.Identifier(Alias)}.{ColumnNames.Timestamp}";
    }
}
