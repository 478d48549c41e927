using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>What of a node is watched, and how (OPC 10000-4, 7.21).</summary>
internal sealed record MonitoredItem(uint Handle, AttributeOf Attribute, TimeSpan Sampling, uint QueueSize)
{
    /// <summary>Gets what is reported: 0 changes of the status, 1 of the value too, 2 of the source's time too.</summary>
    public int Trigger { get; init; } = 1;

    /// <summary>Gets the smallest change that is reported; 0 for every one.</summary>
    public double Deadband { get; init; }

    /// <summary>Gets a value indicating whether the deadband is in percent of the item's range.</summary>
    public bool DeadbandIsPercent { get; init; }

    public bool DiscardOldest { get; init; } = true;

    /// <summary>Gets 2 to report and 1 to sample only until another item triggers it.</summary>
    public int Mode { get; init; } = 2;

    /// <summary>Gets what is wanted of events; null for values.</summary>
    public EventFilter? Events { get; init; }

    public void WriteCreate(UaWriter writer)
    {
        Attribute.Write(writer);
        writer.Int32(Mode);
        WriteParameters(writer);
    }

    public void WriteParameters(UaWriter writer)
    {
        writer.UInt32(Handle);
        writer.Double(Events is null ? Sampling.TotalMilliseconds : 0);
        if (Events is not null)
            Events.Write(writer);
        else if (Trigger == 1 && Deadband == 0)
            writer.ExtensionObject(null);
        else
            WriteDataChangeFilter(writer);
        writer.UInt32(QueueSize);
        writer.Boolean(DiscardOldest);
    }

    private void WriteDataChangeFilter(UaWriter writer)
    {
        int filter = writer.BeginExtensionObject(724);
        writer.Int32(Trigger);
        writer.UInt32(Deadband == 0 ? 0u : DeadbandIsPercent ? 2u : 1u);
        writer.Double(Deadband);
        writer.EndLength(filter);
    }
}

/// <summary>What the server has made of a wish for an item.</summary>
internal sealed record MonitoredItemResult(StatusCode Status, uint Id, double Sampling, uint QueueSize)
{
    public static MonitoredItemResult Read(ref UaReader reader)
    {
        var result = new MonitoredItemResult(reader.Status(), reader.UInt32(), reader.Double(), reader.UInt32());
        reader.ExtensionObject();
        return result;
    }
}

/// <summary>Adds items to a subscription (OPC 10000-4, 5.13.2).</summary>
internal sealed record CreateMonitoredItemsRequest(uint Subscription, IReadOnlyList<MonitoredItem> Items) : IServiceRequest<IReadOnlyList<MonitoredItemResult>>
{
    public uint TypeId => 751;

    public uint ResponseTypeId => 754;

    public void Write(UaWriter writer)
    {
        writer.UInt32(Subscription);
        writer.Int32(2);
        writer.Int32(Items.Count);
        foreach (MonitoredItem item in Items)
            item.WriteCreate(writer);
    }

    public IReadOnlyList<MonitoredItemResult> Read(ref UaReader reader)
    {
        MonitoredItemResult[] results = reader.List(19, MonitoredItemResult.Read) ?? [];
        return results.Length == Items.Count ? results
            : throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered {Items.Count} items with {results.Length} results.");
    }
}

/// <summary>Takes items out of a subscription (OPC 10000-4, 5.13.6).</summary>
internal sealed record DeleteMonitoredItemsRequest(uint Subscription, IReadOnlyList<uint> Items) : IServiceRequest<IReadOnlyList<StatusCode>>
{
    public uint TypeId => 781;

    public uint ResponseTypeId => 784;

    public void Write(UaWriter writer)
    {
        writer.UInt32(Subscription);
        Ids.Write(writer, Items);
    }

    public IReadOnlyList<StatusCode> Read(ref UaReader reader) => reader.Statuses();
}

/// <summary>Makes an item report others whenever it reports (OPC 10000-4, 5.13.5).</summary>
internal sealed record SetTriggeringRequest(uint Subscription, uint Triggering, IReadOnlyList<uint> Add, IReadOnlyList<uint> Remove) : IServiceRequest<IReadOnlyList<StatusCode>>
{
    public uint TypeId => 775;

    public uint ResponseTypeId => 778;

    public void Write(UaWriter writer)
    {
        writer.UInt32(Subscription);
        writer.UInt32(Triggering);
        Ids.Write(writer, Add);
        Ids.Write(writer, Remove);
    }

    public IReadOnlyList<StatusCode> Read(ref UaReader reader)
    {
        StatusCode[] added = reader.Statuses();
        reader.SkipDiagnosticInfos();
        return [.. added, .. reader.Statuses()];
    }
}
