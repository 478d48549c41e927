using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>Works out what a declaration changes in a feed's schema.</summary>
/// <param name="Next">The revision from now on; <see langword="null"/> when nothing changes.</param>
/// <param name="Incompatible">Fields whose type changed so that stored values do not fit: the field before and after.</param>
/// <param name="Renamed">Fields that have another name from now on: the field before and after.</param>
internal sealed record SchemaMerge(
    FeedRevision? Next, IReadOnlyList<(FeedField Before, FeedField After)> Incompatible, IReadOnlyList<(FeedField Before, FeedField After)> Renamed)
{
    /// <summary>Types of assets whose values a floating-point number does not hold exactly.</summary>
    private static readonly HashSet<string> Wide = new(StringComparer.OrdinalIgnoreCase) { "LInt", "ULInt", "LWord", "Int64", "UInt64", "Long" };

    /// <summary>Adds a declaration to a feed's newest revision. Fields that it does not name stay.</summary>
    public static SchemaMerge Of(FeedRevision current, FeedOrigin? origin, IReadOnlyList<FeedField> declared)
    {
        List<FeedField> fields = [.. current.Schema.Fields];
        var incompatible = new List<(FeedField, FeedField)>();
        var renamed = new List<(FeedField, FeedField)>();
        foreach (FeedField field in declared)
        {
            int index = current.Schema.IndexOf(field.Name);
            if (index < 0 && (index = FormerNameOf(field, current, declared)) >= 0)
                renamed.Add((fields[index], field));
            if (index < 0)
            {
                fields.Add(field);
                continue;
            }

            FeedField before = fields[index];
            if (field.Type != before.Type && !IsWidening(before, field))
                incompatible.Add((before, field));
            fields[index] = field with { Unit = field.Unit ?? before.Unit, SourceType = field.SourceType ?? before.SourceType, Id = field.Id ?? before.Id };
        }

        origin ??= current.Schema.Origin;
        if (origin == current.Schema.Origin && fields.SequenceEqual(current.Schema.Fields))
            return new SchemaMerge(null, incompatible, renamed);
        var schema = new FeedSchema(current.Schema.Feed, fields, current.Schema.Version + (incompatible.Count > 0 ? 1 : 0), origin);
        IReadOnlyList<string> columns = ColumnNames.Assign(fields, current);
        return new SchemaMerge(new FeedRevision(current.Number + 1, schema, columns, ColumnNames.AssignKeys(columns, current)), incompatible, renamed);
    }

    /// <summary>Tells whether stored values of one field can be given as another's without a new version of the feed, none of them changed.</summary>
    public static bool IsWidening(FeedField before, FeedField after) =>
        before.Type == FieldType.Int64 && after.Type == FieldType.Float64 && !(before.SourceType is { } type && Wide.Contains(type));

    // Ids may be given anew when an asset is configured anew, so an id alone says nothing: no data point that kept its name may have
    // another id, the former name must be gone, and the values must fit.
    private static int FormerNameOf(FeedField field, FeedRevision current, IReadOnlyList<FeedField> declared)
    {
        if (field.Id is null || declared.Count(f => f.Id == field.Id) > 1 || declared.Any(f => HasOtherId(f, current)))
            return -1;
        for (int i = 0; i < current.Schema.Fields.Count; i++)
        {
            FeedField before = current.Schema.Fields[i];
            if (before.Id == field.Id && declared.All(f => f.Name != before.Name) && (before.Type == field.Type || IsWidening(before, field)))
                return i;
        }

        return -1;
    }

    private static bool HasOtherId(FeedField field, FeedRevision current) =>
        current.Schema.IndexOf(field.Name) is >= 0 and int index && current.Schema.Fields[index].Id is { } before && field.Id is { } id && before != id;
}
