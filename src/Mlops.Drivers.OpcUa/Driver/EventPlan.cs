using Mlops.Data;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A source of events whose fields make records, one an event.</summary>
internal sealed class EventPlan : FeedPlan
{
    // Events have no newer one that could stand for them.
    private const uint Queue = 10_000;

    private readonly RecordBatchBuilder _rows;
    private readonly EventColumns _columns;
    private readonly int[] _fields;
    private readonly GapCounts _gaps;
    private readonly TimeProvider _time;

    public EventPlan(OpcUaGroupSettings group, OpcUaSettings settings, NodeId source, EventColumns columns, uint handle, FeedSchema schema, GapCounts gaps, TimeProvider time)
        : base(group, settings)
    {
        _rows = new RecordBatchBuilder(schema);
        _columns = columns;
        _fields = [.. columns.Fields.Select(f => schema.IndexOf(f.Name))];
        _gaps = gaps;
        _time = time;
        Items = [new MonitoredItem(handle, new AttributeOf(source, AttributeOf.EventNotifier), TimeSpan.Zero, (uint)(group.Queue ?? (int)Queue)) { Events = columns.Filter }];
    }

    public override IReadOnlyList<MonitoredItem> Items { get; }

    public override RecordBatch? Take(Notification notification)
    {
        long now = EpochTime.FromDateTimeOffset(_time.GetUtcNow());
        foreach (var (handle, fields) in notification.Occurrences)
        {
            if (handle != Items[0].Handle)
                continue;
            long time = fields.Length > _columns.Time && fields[_columns.Time].Type == BuiltInType.DateTime ? new UaTime(fields[_columns.Time].AsInt64()).ToNanoseconds() : now;
            _rows.BeginRow(time, now);
            for (int i = 0; i < _fields.Length && i < fields.Length; i++)
            {
                if (!FieldMapping.Set(_rows, _fields[i], _columns.Fields[i].Type, fields[i]))
                    _gaps.Misfit(_columns.Fields[i].Name);
            }

            _rows.EndRow();
        }

        return _rows.Count == 0 ? null : _rows.Build();
    }

    public override string Name(MonitoredItem item) => $"events of {Group.Events!.Source}";

    public override void Close() => _rows.Close();
}
