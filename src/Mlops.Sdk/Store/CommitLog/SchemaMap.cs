using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.CommitLog;

/// <summary>Says where the columns of a stored revision go in the schema under which records are read.</summary>
/// <remarks>A column whose type changed incompatibly goes nowhere: its values stay in the files of the version that had it.</remarks>
internal sealed class SchemaMap
{
    private readonly int[] _targets;

    public SchemaMap(FeedRevision source, FeedRevision target)
    {
        Source = source;
        _targets = new int[source.Schema.Fields.Count];
        Dictionary<string, int> targets = new(target.Keys.Select((key, i) => KeyValuePair.Create(key, i)), StringComparer.Ordinal);
        for (int i = 0; i < _targets.Length; i++)
        {
            FeedField field = source.Schema.Fields[i];
            _targets[i] = targets.TryGetValue(source.Keys[i], out int index)
                && (target.Schema.Fields[index].Type == field.Type || SchemaMerge.IsWidening(field, target.Schema.Fields[index])) ? index : -1;
        }

        Unfilled = [.. Enumerable.Range(0, target.Schema.Fields.Count).Except(_targets)];
    }

    public FeedRevision Source { get; }

    /// <summary>Gets the columns of the target that get no values.</summary>
    public IReadOnlyList<int> Unfilled { get; }

    /// <summary>Tells whether a column of the target gets values.</summary>
    public bool HasSourceOf(int targetColumn) => Array.IndexOf(_targets, targetColumn) >= 0;

    /// <summary>Returns the column of the target for one of the source, or -1.</summary>
    public int TargetOf(int sourceColumn) => _targets[sourceColumn];
}
