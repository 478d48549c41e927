using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>One revision of a feed's schema, with the column under which each field stands in files and queries.</summary>
/// <param name="Number">From 1, without gaps; what log rows and segments refer to.</param>
/// <param name="Schema">The fields.</param>
/// <param name="Columns">A column name for each field.</param>
/// <param name="Keys">What each field is called in all revisions, also when it is renamed; the columns when left out.</param>
internal sealed record FeedRevision(int Number, FeedSchema Schema, IReadOnlyList<string> Columns, IReadOnlyList<string>? Keys = null)
{
    public IReadOnlyList<string> Keys { get; } = Keys ?? Columns;

    /// <summary>Tells whether this revision has all fields of another, in the same types: its records can be kept under this one as they are.</summary>
    public bool Holds(FeedRevision other)
    {
        for (int i = 0; i < other.Keys.Count; i++)
        {
            if (IndexOfKey(other.Keys[i]) is var index && (index < 0 || Schema.Fields[index].Type != other.Schema.Fields[i].Type))
                return false;
        }

        return true;
    }

    /// <summary>Returns the field that a field of another revision is here, or -1.</summary>
    public int IndexOfKey(string key)
    {
        for (int i = 0; i < Keys.Count; i++)
        {
            if (string.Equals(Keys[i], key, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }

    /// <summary>Returns this revision with some of its fields alone.</summary>
    public FeedRevision Only(IReadOnlyList<int> fields) => new(
        Number,
        new FeedSchema(Schema.Feed, fields.Select(f => Schema.Fields[f]), Schema.Version, Schema.Origin),
        [.. fields.Select(f => Columns[f])],
        [.. fields.Select(f => Keys[f])]);

    /// <summary>Tells whether batches of a schema have exactly these columns.</summary>
    public bool Fits(FeedSchema schema)
    {
        if (ReferenceEquals(schema, Schema))
            return true;
        if (schema.Fields.Count != Schema.Fields.Count)
            return false;
        for (int i = 0; i < Schema.Fields.Count; i++)
        {
            if (Schema.Fields[i].Type != schema.Fields[i].Type || !string.Equals(Schema.Fields[i].Name, schema.Fields[i].Name, StringComparison.Ordinal))
                return false;
        }

        return true;
    }
}
