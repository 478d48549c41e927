using Mlops.Data;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>The last value of a node, and the columns into which it goes.</summary>
internal sealed class NodeValues
{
    private readonly int[] _columns;
    private readonly FieldType[] _types;
    private readonly Variant[]? _leaves;
    private DataValue _last;
    private bool _skip;

    public NodeValues(WatchedNode node, FeedSchema schema, bool skipFirst)
    {
        Node = node;
        IReadOnlyList<FeedField> fields = node.Fields;
        _columns = [.. fields.Select(f => schema.IndexOf(f.Name))];
        _types = [.. fields.Select(f => f.Type)];
        _leaves = node.Structure is null ? null : new Variant[fields.Count];
        _skip = skipFirst;
    }

    public WatchedNode Node { get; }

    /// <summary>Gets a value indicating whether there was any value.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Gets a value indicating whether there was a value since the last record.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Goes on with the last value of the same node under settings before.</summary>
    public void TakeOver(NodeValues before)
    {
        _skip = before._skip;
        if (!before.IsKnown)
            return;
        Keep(before._last);
        HasChanged = before.HasChanged;
    }

    /// <summary>Tells whether a value is none that counts: the first one where that is not wanted, or one that is here already. Some servers send the last value again on a new connection.</summary>
    public bool Skips(in DataValue value)
    {
        bool skips = _skip || (IsKnown && !value.SourceTime.IsNone && value.SourceTime == _last.SourceTime && value.Status == _last.Status && value.Value == _last.Value);
        _skip = false;
        return skips;
    }

    /// <returns>Whether the value is of the node's type.</returns>
    public bool Keep(in DataValue value)
    {
        _last = value;
        IsKnown = true;
        HasChanged = true;
        return _leaves is null || value.Status.IsBad || StructureDecoder.TryRead(value.Value, Node.Structure!, _leaves);
    }

    /// <summary>Sets the columns of the row begun last. A bad value is none; an uncertain one is kept and its record says so.</summary>
    /// <returns>Whether the columns can hold the value.</returns>
    public bool Set(RecordBatchBuilder rows)
    {
        HasChanged = false;
        StatusCode status = _last.Status;
        if (!IsKnown)
            return true;
        rows.AddQuality(status.IsGood ? (byte)3 : status.Quality);
        if (status.IsBad)
            return true;
        if (_leaves is null)
            return FieldMapping.Set(rows, _columns[0], _types[0], _last.Value);
        bool fits = true;
        for (int i = 0; i < _leaves.Length; i++)
            fits &= FieldMapping.Set(rows, _columns[i], _types[i], _leaves[i]);
        return fits;
    }
}
