using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>The QoS 1 and 2 messages in flight, and which of them the attached connection has sent; not thread-safe.</summary>
/// <remarks>
/// Only what the connection has sent itself counts against its receive maximum (MQTT 5, section 4.9). After a reconnect all are sent
/// again from the first one on.
/// </remarks>
internal sealed class DeliveryWindow(QueueLimit limit, ISessionJournal? journal)
{
    private readonly InFlightMessages places = new();
    private int size;
    private int sent;
    private int attachment;

    /// <summary>The place that is sent next; those before it are sent.</summary>
    public int Next { get; private set; }

    /// <summary>The places that are taken or stand empty between taken ones.</summary>
    public int Count => places.Count;

    /// <summary>The messages that are not acknowledged.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>The last delivery that may have been sent.</summary>
    public long LastSequence => places.LastSequence;

    /// <summary>Whether the receiver takes no more before it acknowledges.</summary>
    public bool IsFull => sent >= size;

    public ref Delivery this[int index] => ref places[index];

    public ushort IdAt(int index) => places.IdAt(index);

    public bool HasRoomFor(long sequence) => places.HasRoomFor(sequence);

    public bool TryFind(ushort packetId, out int index) => places.TryFind(packetId, out index);

    /// <summary>Begins anew for another connection.</summary>
    public void Attach(int receiveMaximum)
    {
        size = receiveMaximum;
        Next = 0;
        sent = 0;
        attachment++;
    }

    /// <summary>Adds a delivery that is sent now, for the first time, and gives its identifier.</summary>
    public ushort Send(in Delivery delivery)
    {
        ushort packetId = places.Add(delivery with { SentIn = attachment });
        Unacknowledged++;
        sent++;
        Next = places.Count;
        return packetId;
    }

    /// <summary>Adds a delivery that was sent before a restart.</summary>
    public void Restore(in Delivery delivery)
    {
        places.Add(delivery);
        Unacknowledged++;
    }

    /// <summary>Passes the next place: it is empty, or only PUBREL is sent.</summary>
    public void Skip() => Next++;

    /// <summary>Passes the next place: its message is sent again.</summary>
    public void Resend()
    {
        places[Next].SentIn = attachment;
        sent++;
        Next++;
    }

    /// <summary>Ends a delivery: empties its place, gives its part of the window back, and removes it as soon as no older one is in flight.</summary>
    public void Remove(ref Delivery delivery)
    {
        limit.Leave(delivery.Message?.Length ?? 0);
        journal?.Remove(delivery.Sequence);
        if (delivery.SentIn == attachment)
            sent--;
        delivery = default;
        Unacknowledged--;
        Next = Math.Max(0, Next - places.RemoveFinished());
    }

    /// <summary>Ends the deliveries that only wait for PUBCOMP, and gives those who wait for them.</summary>
    public List<PublishCompletion> RemoveReleased()
    {
        List<PublishCompletion> completions = [];
        for (int i = places.Count - 1; i >= 0; i--)
        {
            if (i >= places.Count || !places[i].IsReleased)
                continue;
            completions.Add(places[i].Completion);
            Remove(ref places[i]);
        }

        return completions;
    }

    /// <summary>Takes out QoS 1 messages of shared subscriptions of these groups; QoS 2 ones stay (MQTT 5, section 4.8.2).</summary>
    public void TakeShared(Func<object, bool> which, List<Delivery> taken)
    {
        for (int i = 0; i < places.Count; i++)
        {
            var delivery = places[i];
            if (delivery.Group is null || delivery.Message is null || !which(delivery.Group)
                || PublishFlags.QualityOfService(delivery.Flags) != MqttQualityOfService.AtLeastOnce)
                continue;
            int before = places.Count;
            Remove(ref places[i]);
            i -= before - places.Count;
            taken.Add(delivery);
        }
    }

    public void Trim() => places.Trim();

    /// <summary>Gives everything up, and those who wait for it.</summary>
    public void Clear(List<PublishCompletion> completions)
    {
        for (int i = 0; i < places.Count; i++)
            DeliveryOutcome.Abandon(places[i], completions);
        places.Clear();
        Unacknowledged = Next = sent = 0;
    }
}
