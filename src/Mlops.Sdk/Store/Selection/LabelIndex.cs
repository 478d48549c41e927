using Mlops.Data;

namespace Mlops.Store.Selection;

/// <summary>
/// Finds the label of a record among all labels of a set. Labels carry their rank in one order (preferred source, then newest), and of
/// those that mean a record the best rank wins, whichever way it names the record.
/// </summary>
internal sealed class LabelIndex
{
    private const int None = int.MaxValue;
    private readonly List<byte[]> _values = [];
    private readonly Dictionary<long, int> _positions = [];
    private readonly List<KeyIndex> _keys = [];
    private readonly IntervalIndex _intervals;

    /// <summary>Builds the index.</summary>
    /// <param name="labels">The labels, best first, those that name a sequence already resolved to a position.</param>
    /// <param name="schema">The feed's schema.</param>
    /// <exception cref="ArgumentException">A key's field is not in the feed.</exception>
    public LabelIndex(IReadOnlyList<Label> labels, FeedSchema schema)
    {
        var intervals = new List<(long From, long To, int Rank)>();
        for (int rank = 0; rank < labels.Count; rank++)
        {
            Label label = labels[rank];
            _values.Add(System.Text.Encoding.UTF8.GetBytes(label.Value));
            if (label.Position is { } position)
                _positions.TryAdd(position, rank);
            else if (label.KeyField is { } field)
                KeyOf(field, schema).Add(label.KeyValue!, rank);
            else if (label.From is { } from)
                intervals.Add((from, label.To!.Value, rank));
        }

        _intervals = new IntervalIndex(intervals);
    }

    /// <summary>Gets the fields whose values are compared with keys; a batch must have them behind the other columns, in this order.</summary>
    public IReadOnlyList<string> KeyFields => [.. _keys.Select(k => k.Field)];

    /// <summary>Finds the label of a record.</summary>
    /// <param name="batch">A batch that ends with the columns of <see cref="KeyFields"/>.</param>
    /// <param name="row">The record.</param>
    /// <param name="value">The label as UTF-8.</param>
    /// <returns><see langword="false"/> when it has none.</returns>
    public bool TryFind(RecordBatch batch, int row, out ReadOnlySpan<byte> value)
    {
        int rank = Math.Min(_positions.GetValueOrDefault(batch.Positions[row], None), _intervals.Find(batch.Timestamps[row]));
        int column = batch.Schema.Fields.Count - _keys.Count;
        foreach (KeyIndex key in _keys)
            rank = Math.Min(rank, key.Find(batch.Column(column++), row));
        value = rank == None ? default : _values[rank];
        return rank != None;
    }

    private KeyIndex KeyOf(string field, FeedSchema schema)
    {
        if (_keys.Find(k => k.Field == field) is { } known)
            return known;
        int index = schema.IndexOf(field);
        if (index < 0)
            throw new ArgumentException($"Labels of feed '{schema.Feed}' name records by the field '{field}', which the feed does not have. Its fields: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
        var key = new KeyIndex(field, schema.Fields[index].Type);
        _keys.Add(key);
        return key;
    }
}
