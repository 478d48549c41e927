using Mlops.Data;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Makes records of one feed from values. Used by one task at a time.</summary>
internal sealed class RecordAssembler
{
    private readonly IReadOnlyList<WatchedNode> _nodes;
    private readonly Dictionary<uint, int> _columns;
    private readonly RecordBatchBuilder _rows;
    private readonly DataValue[] _last;
    private readonly bool[] _changed;
    private readonly bool _hold;
    private readonly TimeProvider _time;

    public RecordAssembler(FeedSchema schema, IReadOnlyList<WatchedNode> nodes, uint firstHandle, bool hold, TimeProvider time)
    {
        _nodes = nodes;
        _rows = new RecordBatchBuilder(schema);
        _last = new DataValue[nodes.Count];
        _changed = new bool[nodes.Count];
        _hold = hold;
        _time = time;
        // A feed may have more fields than are read now: those of earlier settings.
        Dictionary<string, int> fields = schema.Fields.Select((f, i) => (f.Name, i)).ToDictionary(f => f.Name, f => f.i);
        Fields = [.. nodes.Select(n => fields[n.Column])];
        _columns = Enumerable.Range(0, nodes.Count).ToDictionary(i => firstHandle + (uint)i, i => i);
    }

    /// <summary>Gets how many values their columns could not hold.</summary>
    public long Misfits { get; private set; }

    /// <summary>Gets how many times a server's queue was full.</summary>
    public long Overflows { get; private set; }

    /// <summary>Gets a value indicating whether any value is known.</summary>
    public bool KnowsAny { get; private set; }

    private int[] Fields { get; }

    /// <summary>Makes one record of a publish cycle: the newest value of each node.</summary>
    public RecordBatch? Cycle(Notification notification)
    {
        UaTime newest = default;
        bool any = false;
        foreach (var (handle, value) in notification.Changes)
        {
            if (!_columns.TryGetValue(handle, out int column))
                continue;
            Keep(column, value);
            any = true;
            newest = Newer(newest, TimeOf(value));
        }

        if (!any)
            return null;
        AddRow(newest.IsNone ? notification.PublishTime : newest, _hold);
        return _rows.Build();
    }

    /// <summary>Makes one record of each change.</summary>
    public RecordBatch? Changes(Notification notification)
    {
        foreach (var (handle, value) in notification.Changes)
        {
            if (!_columns.TryGetValue(handle, out int column))
                continue;
            Keep(column, value);
            UaTime time = TimeOf(value);
            AddRow(time.IsNone ? notification.PublishTime : time, _hold);
        }

        return _rows.Count == 0 ? null : _rows.Build();
    }

    /// <summary>Makes one record of values that were read together, in the order of the nodes.</summary>
    public RecordBatch Read(IReadOnlyList<DataValue> values)
    {
        for (int i = 0; i < values.Count; i++)
            Keep(i, values[i]);
        AddRow(UaTime.From(_time.GetUtcNow()), hold: true);
        return _rows.Build();
    }

    /// <summary>Makes one record of the last known values.</summary>
    public RecordBatch Repeat()
    {
        AddRow(UaTime.From(_time.GetUtcNow()), hold: true);
        return _rows.Build();
    }

    private static UaTime TimeOf(in DataValue value) => value.SourceTime.IsNone ? value.ServerTime : value.SourceTime;

    private static UaTime Newer(UaTime a, UaTime b) => b.Ticks > a.Ticks ? b : a;

    private void Keep(int column, in DataValue value)
    {
        _last[column] = value;
        _changed[column] = true;
        KnowsAny = true;
        if (value.Status.HasOverflow)
            Overflows++;
    }

    private void AddRow(UaTime time, bool hold)
    {
        long now = EpochTime.FromDateTimeOffset(_time.GetUtcNow());
        _rows.BeginRow(time.IsNone ? now : time.ToNanoseconds(), now);
        for (int i = 0; i < _last.Length; i++)
        {
            if (!_changed[i] && !hold)
                continue;
            ref DataValue value = ref _last[i];
            _rows.AddQuality(value.Status.Quality == 2 ? (byte)3 : value.Status.Quality);
            // A bad value is none; an uncertain one is kept and its record says so.
            if (!value.Status.IsBad && !FieldMapping.Set(_rows, Fields[i], _nodes[i].Type, value.Value))
                Misfits++;
            _changed[i] = false;
        }

        _rows.EndRow();
    }
}
