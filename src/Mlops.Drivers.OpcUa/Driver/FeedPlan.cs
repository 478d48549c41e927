using Mlops.Data;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A group's items on a server, and the records that are made of what they report. Changed and asked under the connection's gate.</summary>
internal abstract class FeedPlan(OpcUaGroupSettings group, OpcUaSettings settings)
{
    public OpcUaGroupSettings Group => group;

    public TimeSpan Interval => group.Interval ?? settings.Publishing;

    /// <summary>Gets a value indicating whether the server reports by itself.</summary>
    public bool IsSubscribed => group.Events is not null || group.Records != OpcUaRecords.Read;

    /// <summary>Gets or sets the subscription; null while there is none.</summary>
    public UaSubscription? Subscription { get; set; }

    /// <summary>Gets or sets when the last record was made, by the clock's ticks.</summary>
    public long Written { get; set; }

    /// <summary>Gets or sets the time of the newest record, nanoseconds since 1970 UTC; 0 while there is none.</summary>
    public long NewestTime { get; set; }

    /// <summary>Gets the nodes that are read; none for events.</summary>
    public virtual IReadOnlyList<WatchedNode> Nodes => [];

    /// <summary>Gets what is to be watched, under the client's handles.</summary>
    public abstract IReadOnlyList<MonitoredItem> Items { get; }

    /// <summary>Gets the handle of the item that triggers the others; null when there is none.</summary>
    public virtual uint? Trigger => null;

    /// <summary>Makes records of a message; null when there is nothing in it.</summary>
    public abstract RecordBatch? Take(Notification notification);

    /// <summary>Names an item for people.</summary>
    public abstract string Name(MonitoredItem item);

    /// <summary>Goes on where the plan of the same group under settings before has ended.</summary>
    public virtual void TakeOver(FeedPlan before)
    {
        Written = before.Written;
        NewestTime = before.NewestTime;
    }

    /// <summary>Frees what it holds.</summary>
    public abstract void Close();
}
