using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>
/// Gives every field its column: its own name, where that is free. DuckDB takes names that differ only in case for the same, so the
/// later of two such fields gets a number behind its name, as does one that is called like a system column.
/// </summary>
internal static class ColumnNames
{
    public const string Position = "_position";
    public const string Timestamp = "_timestamp";
    public const string Received = "_received";
    public const string Quality = "_quality";
    public const string Sequence = "_seq";
    public const string RecordSequence = "_rseq";

    /// <summary>The columns that every record has, in the order of the files.</summary>
    public static readonly IReadOnlyList<string> System = [Position, Timestamp, Received, Quality, Sequence, RecordSequence];

    /// <summary>Returns a column for each field; those that fields had before stay theirs.</summary>
    public static IReadOnlyList<string> Assign(IEnumerable<FeedField> fields, FeedRevision? before)
    {
        var taken = new HashSet<string>(System, StringComparer.OrdinalIgnoreCase);
        if (before is not null)
            taken.UnionWith(before.Columns);
        var columns = new List<string>();
        foreach (FeedField field in fields)
        {
            if (before is not null && before.Schema.IndexOf(field.Name) is >= 0 and int index)
            {
                columns.Add(before.Columns[index]);
                continue;
            }

            string column = field.Name;
            for (int i = 2; !taken.Add(column); i++)
                column = $"{field.Name}_{i}";
            columns.Add(column);
        }

        return columns;
    }
}
