using System.Globalization;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Workflows.Units;

namespace Mlops.Store.Queries;

/// <summary>A column of a projection: an expression, and, where it is no more than that, the field that it converts.</summary>
/// <param name="Sql">SQL over the feed's columns.</param>
/// <param name="Field">Index of the feed's field whose values these are, in their own type or as doubles; <see cref="Nothing"/> or <see cref="Computed"/>.</param>
/// <param name="Conversion">What is done to each value.</param>
internal sealed record ScanColumn(string Sql, int Field = ScanColumn.Computed, UnitConversion? Conversion = null)
{
    /// <summary>Stands for a column that only the query engine can compute.</summary>
    public const int Computed = -2;

    /// <summary>Stands for a column of nulls.</summary>
    public const int Nothing = -1;

    public bool IsPlain => Field != Computed;

    /// <summary>Returns a field as it is.</summary>
    public static ScanColumn Of(FeedRevision feed, int field) => Of(feed, field, feed.Schema.Fields[field].Type, conversion: null);

    /// <summary>Returns a field in another type, converted to another unit.</summary>
    public static ScanColumn Of(FeedRevision feed, int field, FieldType type, UnitConversion? conversion)
    {
        string column = Queries.Sql.Identifier(feed.Columns[field]);
        FieldType from = feed.Schema.Fields[field].Type;
        string value = from == type ? column : $"CAST({column} AS {Queries.Sql.TypeOf(type)})";

        // As doubles: DuckDB takes a literal with a point for a decimal, whose arithmetic rounds otherwise than prediction's.
        string sql = conversion is { } by
            ? string.Create(CultureInfo.InvariantCulture, $"{value} * CAST('{by.Scale:R}' AS DOUBLE) + CAST('{by.Offset:R}' AS DOUBLE)")
            : value;
        bool plain = from == type ? from != FieldType.TextList : type == FieldType.Float64;
        return new ScanColumn(sql, plain ? field : Computed, conversion);
    }

    public static ScanColumn Null(FieldType type) => new($"CAST(NULL AS {Queries.Sql.TypeOf(type)})", Nothing);
}
