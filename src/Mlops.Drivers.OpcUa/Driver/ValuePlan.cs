using Mlops.Data;
using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A group of nodes whose values make records.</summary>
internal sealed class ValuePlan : FeedPlan
{
    private const int ReportingMode = 2;
    private const int SamplingMode = 1;

    private readonly IReadOnlyList<uint> _handles;
    private readonly IReadOnlyList<MonitoredItem> _items;

    /// <param name="group">The group.</param>
    /// <param name="settings">Of the asset.</param>
    /// <param name="nodes">The nodes; the first is the trigger where the group has one.</param>
    /// <param name="handles">A handle for each of them.</param>
    /// <param name="assembler">Makes the records.</param>
    public ValuePlan(OpcUaGroupSettings group, OpcUaSettings settings, IReadOnlyList<WatchedNode> nodes, IReadOnlyList<uint> handles, RecordAssembler assembler)
        : base(group, settings)
    {
        Nodes = nodes;
        Assembler = assembler;
        _handles = handles;
        uint queue = (uint)(group.Queue ?? (group.Records == OpcUaRecords.Change ? 100 : 1));
        _items = [.. nodes.Select((node, i) => new MonitoredItem(handles[i], new AttributeOf(node.Id), group.Sampling ?? settings.Sampling, queue)
        {
            // A deadband is of numbers only; servers refuse it for others.
            Deadband = node.IsNumber ? group.Deadband : 0,
            DeadbandIsPercent = group.DeadbandPercent,
            Trigger = (int)group.Change,
            DiscardOldest = group.Discard == OpcUaDiscard.Oldest,
            Mode = Trigger is null || i == 0 ? ReportingMode : SamplingMode,
        })];
    }

    public override IReadOnlyList<WatchedNode> Nodes { get; }

    public RecordAssembler Assembler { get; }

    public override IReadOnlyList<MonitoredItem> Items => _items;

    public override uint? Trigger => Group.Trigger is null ? null : _handles[0];

    public override RecordBatch? Take(Notification notification) => Assembler.Take(notification);

    public override void TakeOver(FeedPlan before)
    {
        base.TakeOver(before);
        Assembler.TakeOver(((ValuePlan)before).Assembler);
    }

    public override string Name(MonitoredItem item) => Nodes.First(n => n.Id == item.Attribute.Node).Text;

    public override void Close() => Assembler.Close();
}
