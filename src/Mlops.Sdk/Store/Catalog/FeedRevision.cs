using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>One revision of a feed's schema, with the column under which each field stands in files and queries.</summary>
/// <param name="Number">From 1, without gaps; what log rows and segments refer to.</param>
/// <param name="Schema">The fields.</param>
/// <param name="Columns">A column name for each field.</param>
internal sealed record FeedRevision(int Number, FeedSchema Schema, IReadOnlyList<string> Columns)
{
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
