using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>Changes how a subscription reports; its items stay (OPC 10000-4, 5.14.3).</summary>
internal sealed record ModifySubscriptionRequest(uint Id, TimeSpan Publishing, uint LifetimeCount, uint KeepAliveCount) : IServiceRequest<CreatedSubscription>
{
    public uint TypeId => 793;

    public uint ResponseTypeId => 796;

    public void Write(UaWriter writer)
    {
        writer.UInt32(Id);
        writer.Double(Publishing.TotalMilliseconds);
        writer.UInt32(LifetimeCount);
        writer.UInt32(KeepAliveCount);
        writer.UInt32(0);
        writer.Byte(0);
    }

    public CreatedSubscription Read(ref UaReader reader) =>
        new(Id, TimeSpan.FromMilliseconds(Math.Clamp(reader.Double(), 1, 86_400_000)), reader.UInt32(), reader.UInt32());
}

/// <summary>Changes how items are watched; they keep their ids (OPC 10000-4, 5.13.3).</summary>
internal sealed record ModifyMonitoredItemsRequest(uint Subscription, IReadOnlyList<(uint Id, MonitoredItem Item)> Items) : IServiceRequest<IReadOnlyList<StatusCode>>
{
    public uint TypeId => 763;

    public uint ResponseTypeId => 766;

    public void Write(UaWriter writer)
    {
        writer.UInt32(Subscription);
        writer.Int32(2);
        writer.Int32(Items.Count);
        foreach (var (id, item) in Items)
        {
            writer.UInt32(id);
            item.WriteParameters(writer);
        }
    }

    public IReadOnlyList<StatusCode> Read(ref UaReader reader)
    {
        StatusCode[] results = reader.List(16, static (ref UaReader r) =>
        {
            StatusCode status = r.Status();
            r.Double();
            r.UInt32();
            r.ExtensionObject();
            return status;
        }) ?? [];
        return results.Length == Items.Count ? results
            : throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered changes of {Items.Count} items with {results.Length} results.");
    }
}
