using Mlops.Data;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Makes records of one feed from values. Used by one task at a time.</summary>
internal sealed class RecordAssembler
{
    private readonly Dictionary<uint, int> _places = [];
    private readonly RecordBatchBuilder _rows;
    private readonly NodeValues[] _nodes;
    private readonly OpcUaGroupSettings _group;
    private readonly GapCounts _gaps;
    private readonly TimeProvider _time;
    private UaTime _newest;
    private bool _isOpen;

    /// <param name="schema">Of the feed; it may have more fields than are read now: those of earlier settings.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="handles">By which the server names each of them.</param>
    /// <param name="group">How records are made.</param>
    /// <param name="gaps">Counts what could not be kept.</param>
    /// <param name="time">The clock.</param>
    public RecordAssembler(FeedSchema schema, IReadOnlyList<WatchedNode> nodes, IReadOnlyList<uint> handles, OpcUaGroupSettings group, GapCounts gaps, TimeProvider time)
    {
        _rows = new RecordBatchBuilder(schema);
        _group = group;
        _gaps = gaps;
        _time = time;
        _nodes = [.. nodes.Select(n => new NodeValues(n, schema, group.SkipFirst))];
        for (int i = 0; i < handles.Count; i++)
            _places[handles[i]] = i;
    }

    /// <summary>Gets a value indicating whether any value is known.</summary>
    public bool KnowsAny { get; private set; }

    /// <summary>Goes on with the last values of an assembler under settings before.</summary>
    public void TakeOver(RecordAssembler before)
    {
        Dictionary<NodeId, NodeValues> known = before._nodes.ToDictionary(n => n.Node.Id);
        foreach (NodeValues node in _nodes)
        {
            if (known.TryGetValue(node.Node.Id, out NodeValues? last))
                node.TakeOver(last);
        }

        KnowsAny = _nodes.Any(n => n.IsKnown);
    }

    /// <summary>Makes records of a publish cycle's message.</summary>
    public RecordBatch? Take(Notification notification) => _group.Records == OpcUaRecords.Change ? Changes(notification) : Cycle(notification);

    /// <summary>Makes one record of values that were read together, in the order of the nodes.</summary>
    public RecordBatch Read(IReadOnlyList<DataValue> values)
    {
        for (int i = 0; i < values.Count; i++)
            Keep(_nodes[i], values[i]);
        AddRow(UaTime.From(_time.GetUtcNow()), hold: true);
        return _rows.Build();
    }

    /// <summary>Makes a record for each time at which values of the past were, in their order.</summary>
    /// <param name="values">Values with the places of their nodes, by time.</param>
    public RecordBatch? Past(IReadOnlyList<(int Node, DataValue Value)> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            UaTime time = TimeOf(values[i].Value);
            Keep(_nodes[values[i].Node], values[i].Value);
            if (i == values.Count - 1 || TimeOf(values[i + 1].Value) != time)
                AddRow(time, _group.Hold);
        }

        return _rows.Count == 0 ? null : _rows.Build();
    }

    /// <summary>Makes one record of the last known values.</summary>
    public RecordBatch Repeat()
    {
        AddRow(UaTime.From(_time.GetUtcNow()), hold: true);
        return _rows.Build();
    }

    public static UaTime TimeOf(in DataValue value) => value.SourceTime.IsNone ? value.ServerTime : value.SourceTime;

    /// <summary>Frees the memory of batches to come.</summary>
    public void Close() => _rows.Close();

    // One record: the newest value of each node. A server may need several messages for a cycle: they make one record, with the last of them.
    private RecordBatch? Cycle(Notification notification)
    {
        foreach (ref readonly (uint Handle, DataValue Value) change in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(notification.Changes))
        {
            if (!_places.TryGetValue(change.Handle, out int place) || _nodes[place].Skips(change.Value))
                continue;
            Keep(_nodes[place], change.Value);
            _isOpen = true;
            UaTime time = TimeOf(change.Value);
            if (time.Ticks > _newest.Ticks)
                _newest = time;
        }

        if (!_isOpen || notification.MoreFollow)
            return null;
        AddRow(_newest.IsNone ? notification.PublishTime : _newest, _group.Hold);
        (_isOpen, _newest) = (false, default);
        return _rows.Build();
    }

    private RecordBatch? Changes(Notification notification)
    {
        foreach (ref readonly (uint Handle, DataValue Value) change in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(notification.Changes))
        {
            if (!_places.TryGetValue(change.Handle, out int place) || _nodes[place].Skips(change.Value))
                continue;
            Keep(_nodes[place], change.Value);
            UaTime time = TimeOf(change.Value);
            AddRow(time.IsNone ? notification.PublishTime : time, _group.Hold);
        }

        return _rows.Count == 0 ? null : _rows.Build();
    }

    private void Keep(NodeValues node, in DataValue value)
    {
        KnowsAny = true;
        if (!node.Keep(value))
            _gaps.Misfit(node.Node.Text);
        if (value.Status.HasOverflow)
            _gaps.Overflow(node.Node.Text);
    }

    private void AddRow(UaTime time, bool hold)
    {
        long now = EpochTime.FromDateTimeOffset(_time.GetUtcNow());
        _rows.BeginRow(time.IsNone ? now : time.ToNanoseconds(), now);
        foreach (NodeValues node in _nodes)
        {
            if ((node.HasChanged || hold) && !node.Set(_rows))
                _gaps.Misfit(node.Node.Text);
        }

        _rows.EndRow();
    }
}
