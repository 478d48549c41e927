using Mlops.Data;
using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A group's nodes on a server, and the records that are made of them.</summary>
internal sealed class FeedPlan(OpcUaGroupSettings group, OpcUaSettings settings, IReadOnlyList<WatchedNode> nodes, uint firstHandle, RecordAssembler assembler)
{
    private readonly Lock _gate = new();

    public OpcUaGroupSettings Group => group;

    public IReadOnlyList<WatchedNode> Nodes => nodes;

    public TimeSpan Interval => group.Interval ?? settings.Publishing;

    public RecordAssembler Assembler => assembler;

    /// <summary>Gets when the last record was made, by the clock's ticks.</summary>
    public long Written { get; set; }

    /// <summary>Gets the gate of the assembler: changes and heartbeats come from different tasks.</summary>
    public Lock Gate => _gate;

    public IReadOnlyList<MonitoredItem> Items()
    {
        uint queue = (uint)(group.Queue ?? (group.Records == OpcUaRecords.Change ? 100 : 1));
        return [.. nodes.Select((node, i) => new MonitoredItem(firstHandle + (uint)i, new AttributeOf(node.Id), group.Sampling ?? settings.Sampling, queue)
        {
            // A deadband is of numbers only; servers refuse it for others.
            Deadband = IsNumber(node) ? group.Deadband : 0,
            DeadbandIsPercent = group.DeadbandPercent,
        })];
    }

    /// <summary>Makes records of a message.</summary>
    public RecordBatch? Take(Notification notification)
    {
        lock (_gate)
            return group.Records == OpcUaRecords.Change ? assembler.Changes(notification) : assembler.Cycle(notification);
    }

    private static bool IsNumber(WatchedNode node) => !node.IsArray && node.Type is FieldType.Float64 or FieldType.Int64 or FieldType.UInt64;
}
