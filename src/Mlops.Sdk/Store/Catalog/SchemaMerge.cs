using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>Works out what a declaration changes in a feed's schema.</summary>
/// <param name="Next">The revision from now on; <see langword="null"/> when nothing changes.</param>
/// <param name="Incompatible">Fields whose type changed so that stored values do not fit: the field before and after.</param>
internal sealed record SchemaMerge(FeedRevision? Next, IReadOnlyList<(FeedField Before, FeedField After)> Incompatible)
{
    /// <summary>Adds a declaration to a feed's newest revision. Fields that it does not name stay.</summary>
    public static SchemaMerge Of(FeedRevision current, FeedOrigin? origin, IReadOnlyList<FeedField> declared)
    {
        List<FeedField> fields = [.. current.Schema.Fields];
        var incompatible = new List<(FeedField, FeedField)>();
        foreach (FeedField field in declared)
        {
            int index = current.Schema.IndexOf(field.Name);
            if (index < 0)
            {
                fields.Add(field);
                continue;
            }

            FeedField before = fields[index];
            if (field.Type != before.Type && !IsWidening(before.Type, field.Type))
                incompatible.Add((before, field));
            fields[index] = field with { Unit = field.Unit ?? before.Unit, SourceType = field.SourceType ?? before.SourceType };
        }

        origin ??= current.Schema.Origin;
        if (origin == current.Schema.Origin && fields.SequenceEqual(current.Schema.Fields))
            return new SchemaMerge(null, incompatible);
        var schema = new FeedSchema(current.Schema.Feed, fields, current.Schema.Version + (incompatible.Count > 0 ? 1 : 0), origin);
        return new SchemaMerge(new FeedRevision(current.Number + 1, schema, ColumnNames.Assign(fields, current)), incompatible);
    }

    /// <summary>Tells whether stored values of one type can be given as another without a new version of the feed.</summary>
    public static bool IsWidening(FieldType before, FieldType after) => before == FieldType.Int64 && after == FieldType.Float64;
}
