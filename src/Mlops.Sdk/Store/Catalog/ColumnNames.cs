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

    /// <summary>Returns a column for each field; those that fields had before stay theirs unless the field has a new name.</summary>
    /// <param name="fields">The fields; those of the revision before come first, in its order.</param>
    /// <param name="before">The revision before.</param>
    public static IReadOnlyList<string> Assign(IEnumerable<FeedField> fields, FeedRevision? before)
    {
        var taken = new HashSet<string>(System, StringComparer.OrdinalIgnoreCase);
        if (before is not null)
            taken.UnionWith(before.Columns);
        var columns = new List<string>();
        foreach (FeedField field in fields)
        {
            if (columns.Count < before?.Columns.Count && before.Schema.Fields[columns.Count].Name == field.Name)
                columns.Add(before.Columns[columns.Count]);
            else
                columns.Add(Free(field.Name, taken));
        }

        return columns;
    }

    /// <summary>Returns what each field is called in all revisions: the column that it had first, where that is free.</summary>
    public static IReadOnlyList<string> AssignKeys(IReadOnlyList<string> columns, FeedRevision? before)
    {
        if (before is null)
            return columns;
        var taken = new HashSet<string>(before.Keys, StringComparer.OrdinalIgnoreCase);
        return [.. before.Keys, .. columns.Skip(before.Keys.Count).Select(column => Free(column, taken))];
    }

    private static string Free(string name, HashSet<string> taken)
    {
        string free = name;
        for (int i = 2; !taken.Add(free); i++)
            free = $"{name}_{i}";
        return free;
    }
}
