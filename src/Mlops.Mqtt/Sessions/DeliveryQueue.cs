using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Sessions;

/// <summary>What one side of a session still has to deliver: messages that wait, and QoS 1 messages in flight.</summary>
/// <remarks>
/// Lives as long as the session, over many connections. Only the write loop of the attached connection takes from it. Packet
/// identifiers are given out in rising order, so the messages in flight stand in a ring in which identifier and place name each
/// other, and are sent again in their first order after a reconnect (MQTT 5, section 4.6).
/// </remarks>
internal sealed class DeliveryQueue
{
    /// <summary>The largest identifier of a PUBLISH; those above are left to SUBSCRIBE and UNSUBSCRIBE.</summary>
    public const int MaxPublishId = 0xF000;

    private readonly Lock gate = new();
    private readonly RingBuffer<Delivery> waiting = new();
    private readonly RingBuffer<Delivery> inFlight = new();
    private readonly Action? whenTooLarge;

    private readonly RingBuffer<BlockedPublish> blocked = new();
    private readonly int maxCount;
    private readonly long maxBytes;

    private object? owner;
    private MqttProtocolVersion version;
    private uint maxPacketSize;
    private int window;
    private bool markDuplicates;
    private bool closed;

    private int firstId = 1;
    private int unacknowledged;
    private int nextToSend;
    private int sentHere;
    private long bytes;

    /// <param name="maxCount">The most messages that wait or are in flight.</param>
    /// <param name="maxBytes">The most bytes that they take together; a single larger message is still accepted.</param>
    /// <param name="whenTooLarge">Called for each message that is given up because the receiver takes no packet of its size.</param>
    public DeliveryQueue(int maxCount, long maxBytes, Action? whenTooLarge = null)
    {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.whenTooLarge = whenTooLarge;
    }

    /// <summary>Messages that wait or are in flight.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return Held;
        }
    }

    private int Held => waiting.Count + unacknowledged;

    /// <summary>Takes over the delivery's reference if there is room for it; <paramref name="extra"/> raises the limit of messages.</summary>
    public bool TryAdd(in Delivery delivery, int extra = 0)
    {
        int length = delivery.Message!.Length;
        lock (gate)
        {
            if (closed || blocked.Count > 0 || Held >= maxCount + extra || (extra == 0 && !FitsBytes(length)))
                return false;
            waiting.Enqueue(delivery);
            bytes += length;
            return true;
        }
    }

    /// <summary>Adds the message when there is room, in the order of the calls; false when the queue is closed.</summary>
    public bool AddWhenRoom(in BlockedPublish publish)
    {
        lock (gate)
        {
            if (closed)
                return false;
            blocked.Enqueue(publish);
            Admit();
            return true;
        }
    }

    /// <summary>Accepts messages, again after <see cref="Close"/>.</summary>
    public void Open()
    {
        lock (gate)
            closed = false;
    }

    /// <summary>Gives the queue to a connection; what was in flight is sent again first.</summary>
    public void Attach(object connection, MqttProtocolVersion protocol, int receiveMaximum, uint maximumPacketSize, bool resumed)
    {
        lock (gate)
        {
            owner = connection;
            version = protocol;
            window = receiveMaximum;
            maxPacketSize = maximumPacketSize == 0 ? uint.MaxValue : maximumPacketSize;
            markDuplicates = resumed;
            nextToSend = 0;
            sentHere = 0;
        }
    }

    /// <summary>Stops a connection from taking any more; false when another one has the queue already.</summary>
    public bool Detach(object connection)
    {
        lock (gate)
        {
            if (owner != connection)
                return false;
            owner = null;
            return true;
        }
    }

    /// <summary>Takes the next packet to write. The packet owns a reference to its message.</summary>
    public bool TryTake(object connection, out OutboundPacket packet)
    {
        lock (gate)
        {
            while (owner == connection)
            {
                if (nextToSend < inFlight.Count)
                {
                    if (TryResend(out packet))
                        return true;
                    if (sentHere >= window)
                        return false;
                    continue;
                }

                if (waiting.Count == 0)
                    break;
                ref var next = ref waiting[0];
                bool acknowledged = (next.Flags & PublishFlags.AtLeastOnce) != 0;
                if (acknowledged && (sentHere >= window || inFlight.Count >= MaxPublishId))
                    break;
                var delivery = waiting.Dequeue();
                if (IsTooLarge(delivery))
                {
                    GiveUp(delivery);
                    continue;
                }

                packet = acknowledged ? Send(delivery) : Pass(delivery);
                Admit();
                return true;
            }
        }

        packet = default;
        return false;
    }

    /// <summary>Ends a delivery; false when the identifier belongs to none, or to another connection's.</summary>
    public bool Acknowledge(object connection, ushort packetId, MqttReasonCode reason)
    {
        PublishCompletion completion;
        SharedMessage message;
        lock (gate)
        {
            int index = (packetId - firstId + MaxPublishId) % MaxPublishId;
            if (owner != connection || packetId > MaxPublishId || index >= inFlight.Count)
                return false;
            ref var delivery = ref inFlight[index];
            if (delivery.Message is null)
                return false;
            (message, completion) = (delivery.Message, delivery.Completion);
            if (index < nextToSend)
                sentHere--;
            Forget(ref delivery);
            Admit();
        }

        message.Release();
        if (reason < MqttReasonCode.UnspecifiedError)
            completion.Succeed();
        else
            completion.Fail(new MqttException(reason, $"The broker refused the message: {reason}."));
        return true;
    }

    /// <summary>Gives everything up and accepts no more: the session has ended, or nobody will connect again.</summary>
    public void Close(Exception error)
    {
        List<PublishCompletion> completions = [];
        lock (gate)
        {
            for (int i = 0; i < inFlight.Count; i++)
                Drop(inFlight[i]);
            for (int i = 0; i < waiting.Count; i++)
                Drop(waiting[i]);
            for (int i = 0; i < blocked.Count; i++)
                completions.Add(blocked[i].Completion);
            firstId = IdAt(inFlight.Count);
            inFlight.Clear();
            waiting.Clear();
            blocked.Clear();
            closed = true;
            unacknowledged = nextToSend = sentHere = 0;
            bytes = 0;
        }

        foreach (var completion in completions)
            completion.Fail(error);

        void Drop(in Delivery delivery)
        {
            delivery.Message?.Release();
            if (delivery.Completion.Pending is not null)
                completions.Add(delivery.Completion);
        }
    }

    private bool FitsBytes(int length) => Held == 0 || bytes + length <= maxBytes;

    private void Admit()
    {
        while (blocked.Count > 0 && Held < maxCount && FitsBytes(blocked[0].Length))
        {
            var publish = blocked.Dequeue();
            var message = publish.Copy();
            // A caller that has stopped waiting may have changed the payload meanwhile.
            if (!publish.Completion.IsOpen)
            {
                message.Release();
                continue;
            }

            waiting.Enqueue(new Delivery(message, publish.Flags, null, publish.Completion));
            bytes += message.Length;
        }
    }

    private int IdAt(int index) => ((firstId - 1 + index) % MaxPublishId) + 1;

    private bool TryResend(out OutboundPacket packet)
    {
        packet = default;
        ref var delivery = ref inFlight[nextToSend];
        if (delivery.Message is null)
        {
            nextToSend++;
            return false;
        }

        if (sentHere >= window)
            return false;
        if (IsTooLarge(delivery))
        {
            var given = delivery;
            Forget(ref delivery);
            GiveUp(given, counted: false);
            return false;
        }

        delivery.Message.AddReference();
        byte flags = markDuplicates ? (byte)(delivery.Flags | PublishFlags.Duplicate) : delivery.Flags;
        packet = OutboundPacket.Publish(delivery.Message, flags, (ushort)IdAt(nextToSend), delivery.SubscriptionIds);
        nextToSend++;
        sentHere++;
        return true;
    }

    private OutboundPacket Send(in Delivery delivery)
    {
        delivery.Message!.AddReference();
        inFlight.Enqueue(delivery);
        unacknowledged++;
        sentHere++;
        nextToSend = inFlight.Count;
        return OutboundPacket.Publish(delivery.Message, delivery.Flags, (ushort)IdAt(inFlight.Count - 1), delivery.SubscriptionIds);
    }

    private OutboundPacket Pass(in Delivery delivery)
    {
        bytes -= delivery.Message!.Length;
        delivery.Completion.Succeed();
        return OutboundPacket.Publish(delivery.Message, delivery.Flags, 0, delivery.SubscriptionIds);
    }

    /// <summary>Empties a place in flight and removes it as soon as no older one is in flight.</summary>
    private void Forget(ref Delivery delivery)
    {
        bytes -= delivery.Message!.Length;
        delivery = default;
        unacknowledged--;
        while (inFlight.Count > 0 && inFlight[0].Message is null)
        {
            inFlight.Dequeue();
            firstId = IdAt(1);
            nextToSend = Math.Max(0, nextToSend - 1);
        }
    }

    private bool IsTooLarge(in Delivery delivery)
    {
        var message = delivery.Message!;
        // The sum bounds what the header can add; only packets near the limit are measured exactly.
        if (message.Length + 64L + (6L * (delivery.SubscriptionIds?.Length ?? 0)) <= maxPacketSize)
            return false;
        var writer = new PublishWriter(
            delivery.Flags, message.TopicUtf8, message.Properties, delivery.SubscriptionIds, message.Payload.Length, version);
        return (uint)writer.PacketLength > maxPacketSize;
    }

    private void GiveUp(in Delivery delivery, bool counted = true)
    {
        if (counted)
            bytes -= delivery.Message!.Length;
        delivery.Completion.Fail(new MqttException(
            MqttReasonCode.PacketTooLarge,
            $"The message for '{delivery.Message!.Topic}' was not sent: the receiver takes packets of at most {maxPacketSize} bytes."));
        delivery.Message!.Release();
        whenTooLarge?.Invoke();
    }
}
