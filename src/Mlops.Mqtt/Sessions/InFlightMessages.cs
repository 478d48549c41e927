namespace Mlops.Mqtt.Sessions;

/// <summary>The QoS 1 and 2 messages in flight, by packet identifier; not thread-safe.</summary>
/// <remarks>
/// The identifier follows from the sequence of the delivery, so that one names the other also after a restart. A finished delivery
/// leaves its place empty until all older ones are finished; one that was given up before it was sent leaves an empty place too.
/// </remarks>
internal sealed class InFlightMessages
{
    /// <summary>The largest identifier of a PUBLISH; those above are left to SUBSCRIBE and UNSUBSCRIBE.</summary>
    public const int MaxPublishId = 0xF000;

    private readonly RingBuffer<Delivery> places = new();
    private long first = 1;

    /// <summary>The places that are taken or stand empty between taken ones.</summary>
    public int Count => places.Count;

    /// <summary>The sequence of the newest place, or of the last one that there was.</summary>
    public long LastSequence => first + places.Count - 1;

    public ref Delivery this[int index] => ref places[index];

    public ushort IdAt(int index) => (ushort)(((first - 1 + index) % MaxPublishId) + 1);

    /// <summary>Whether the identifier of the sequence is free.</summary>
    public bool HasRoomFor(long sequence) => places.Count == 0 || sequence - first < MaxPublishId;

    /// <summary>Adds a delivery, which is newer than all others, and gives its identifier.</summary>
    public ushort Add(in Delivery delivery)
    {
        if (places.Count == 0)
            first = delivery.Sequence;
        while (first + places.Count < delivery.Sequence)
            places.Enqueue(default);
        places.Enqueue(delivery);
        return IdAt(places.Count - 1);
    }

    public bool TryFind(ushort packetId, out int index)
    {
        index = (packetId - IdAt(0) + MaxPublishId) % MaxPublishId;
        return packetId <= MaxPublishId && index < places.Count && places[index].IsOpen;
    }

    /// <summary>Drops the empty places in front and gives their number.</summary>
    public int RemoveFinished()
    {
        int removed = 0;
        for (; places.Count > 0 && !places[0].IsOpen; removed++)
        {
            places.Dequeue();
            first++;
        }

        return removed;
    }

    public void Trim() => places.Trim();

    public void Clear() => places.Clear();
}
