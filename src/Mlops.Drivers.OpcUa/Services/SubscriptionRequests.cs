using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>Asks for a subscription (OPC 10000-4, 5.14.2).</summary>
internal sealed record CreateSubscriptionRequest(TimeSpan Publishing, uint LifetimeCount, uint KeepAliveCount, uint MaxNotifications, byte Priority) : IServiceRequest<CreatedSubscription>
{
    public uint TypeId => 787;

    public uint ResponseTypeId => 790;

    public void Write(UaWriter writer)
    {
        writer.Double(Publishing.TotalMilliseconds);
        writer.UInt32(LifetimeCount);
        writer.UInt32(KeepAliveCount);
        writer.UInt32(MaxNotifications);
        writer.Boolean(true);
        writer.Byte(Priority);
    }

    public CreatedSubscription Read(ref UaReader reader) =>
        new(reader.UInt32(), TimeSpan.FromMilliseconds(Math.Clamp(reader.Double(), 1, 86_400_000)), reader.UInt32(), reader.UInt32());
}

/// <summary>A subscription as the server has made it.</summary>
internal sealed record CreatedSubscription(uint Id, TimeSpan Publishing, uint LifetimeCount, uint KeepAliveCount);

/// <summary>Ends subscriptions (OPC 10000-4, 5.14.8).</summary>
internal sealed record DeleteSubscriptionsRequest(IReadOnlyList<uint> Ids) : IServiceRequest<IReadOnlyList<StatusCode>>
{
    public uint TypeId => 847;

    public uint ResponseTypeId => 850;

    public void Write(UaWriter writer) => Services.Ids.Write(writer, Ids);

    public IReadOnlyList<StatusCode> Read(ref UaReader reader) => reader.Statuses();
}

/// <summary>Takes subscriptions over into this session (OPC 10000-4, 5.14.7).</summary>
internal sealed record TransferSubscriptionsRequest(IReadOnlyList<uint> Ids, bool SendInitialValues) : IServiceRequest<IReadOnlyList<(StatusCode Status, IReadOnlyList<uint> Available)>>
{
    public uint TypeId => 841;

    public uint ResponseTypeId => 844;

    public void Write(UaWriter writer)
    {
        Services.Ids.Write(writer, Ids);
        writer.Boolean(SendInitialValues);
    }

    public IReadOnlyList<(StatusCode Status, IReadOnlyList<uint> Available)> Read(ref UaReader reader) =>
        reader.List(8, static (ref UaReader r) => (r.Status(), (IReadOnlyList<uint>)Services.Ids.Read(ref r))) ?? [];
}

/// <summary>Asks for a message once more (OPC 10000-4, 5.14.6).</summary>
internal sealed record RepublishRequest(uint Subscription, uint Sequence, Func<Notification> Rent) : IServiceRequest<Notification>
{
    public uint TypeId => 832;

    public uint ResponseTypeId => 835;

    public void Write(UaWriter writer)
    {
        writer.UInt32(Subscription);
        writer.UInt32(Sequence);
    }

    public Notification Read(ref UaReader reader)
    {
        Notification notification = Rent();
        notification.Subscription = Subscription;
        notification.MoreFollow = false;
        notification.ReadMessage(ref reader);
        return notification;
    }
}

/// <summary>Waits for the next message of any subscription and acknowledges earlier ones (OPC 10000-4, 5.14.5).</summary>
internal sealed record PublishRequest(IReadOnlyList<(uint Subscription, uint Sequence)> Acknowledgements, Func<Notification> Rent) : IServiceRequest<Notification>
{
    public uint TypeId => 826;

    public uint ResponseTypeId => 829;

    public void Write(UaWriter writer)
    {
        writer.Int32(Acknowledgements.Count);
        foreach (var (subscription, sequence) in Acknowledgements)
        {
            writer.UInt32(subscription);
            writer.UInt32(sequence);
        }
    }

    public Notification Read(ref UaReader reader)
    {
        Notification notification = Rent();
        notification.Subscription = reader.UInt32();
        notification.ReadAvailable(ref reader);
        notification.MoreFollow = reader.Boolean();
        notification.ReadMessage(ref reader);
        return notification;
    }
}

/// <summary>Lists of ids.</summary>
internal static class Ids
{
    public static void Write(UaWriter writer, IReadOnlyList<uint> ids)
    {
        writer.Int32(ids.Count);
        foreach (uint id in ids)
            writer.UInt32(id);
    }

    public static uint[] Read(ref UaReader reader) => reader.List(4, static (ref UaReader r) => r.UInt32()) ?? [];
}
