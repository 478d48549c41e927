using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>What a subscription reports in one publish cycle. Used again: its lists keep their memory.</summary>
internal sealed class Notification
{
    private const uint DataChange = 811;
    private const uint Events = 916;
    private const uint StatusChange = 820;

    public uint Subscription { get; set; }

    /// <summary>Gets the message's number; a message without data carries the number of the next one.</summary>
    public uint Sequence { get; private set; }

    public UaTime PublishTime { get; private set; }

    public bool MoreFollow { get; set; }

    /// <summary>Gets a value indicating whether the subscription only says that it lives.</summary>
    public bool IsKeepAlive { get; private set; }

    /// <summary>Gets why the subscription has ended, when it has.</summary>
    public StatusCode? Ended { get; private set; }

    /// <summary>Gets the values that have changed, by the client's handle of their items.</summary>
    public List<(uint Handle, DataValue Value)> Changes { get; } = [];

    /// <summary>Gets the fields of events, by the client's handle of their items.</summary>
    public List<(uint Handle, Variant[] Fields)> Occurrences { get; } = [];

    /// <summary>Gets the numbers of messages that the server can send once more.</summary>
    public List<uint> Available { get; } = [];

    public void ReadAvailable(ref UaReader reader)
    {
        Available.Clear();
        for (int left = reader.Count(4); left > 0; left--)
            Available.Add(reader.UInt32());
    }

    public void ReadMessage(ref UaReader reader)
    {
        Changes.Clear();
        Occurrences.Clear();
        Ended = null;
        Sequence = reader.UInt32();
        PublishTime = reader.Time();
        int parts = reader.Count(3);
        IsKeepAlive = parts <= 0;
        for (; parts > 0; parts--)
        {
            var (type, end) = reader.BeginExtensionObject();
            if (type == DataChange)
                ReadChanges(ref reader);
            else if (type == Events)
                ReadEvents(ref reader);
            else if (type == StatusChange)
                Ended = reader.Status();
            reader.EndExtensionObject(end);
        }
    }

    private void ReadChanges(ref UaReader reader)
    {
        int count = reader.Count(5);
        if (count > 0)
            Changes.EnsureCapacity(Changes.Count + Math.Min(count, 65_536));
        for (; count > 0; count--)
            Changes.Add((reader.UInt32(), reader.DataValue()));
    }

    private void ReadEvents(ref UaReader reader)
    {
        for (int count = reader.Count(8); count > 0; count--)
            Occurrences.Add((reader.UInt32(), reader.List(1, static (ref UaReader r) => r.Variant()) ?? []));
    }
}
