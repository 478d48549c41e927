using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Sessions;

/// <summary>What one side of a session still has to deliver: messages that wait, and QoS 1 and 2 messages in flight.</summary>
/// <remarks>
/// Lives as long as the session, over many connections. Only the write loop of the attached connection takes from it. Packet
/// identifiers are given out in rising order, and messages in flight are sent again in their first order after a reconnect (MQTT 5,
/// section 4.6). A QoS 2 message gives up its content with PUBREC and its place with PUBCOMP; in between PUBREL is what is sent again.
/// With a journal, a QoS 2 message is not sent before it is on the disk: otherwise its identifier could name another one after a restart.
/// </remarks>
internal sealed class DeliveryQueue
{
    private readonly Lock gate = new();
    private readonly RingBuffer<Delivery> waiting = new();
    private readonly InFlightMessages inFlight = new();
    private readonly TimeProvider time;
    private readonly Action? whenGivenUp;
    private readonly ISessionJournal? journal;

    private readonly RingBuffer<BlockedPublish> blocked = new();
    private readonly int maxCount;
    private readonly long maxBytes;

    private object? owner;
    private MqttProtocolVersion version;
    private uint maxPacketSize;
    private int window;
    private bool markDuplicates;
    private bool closed;

    private long lastSequence;
    private int unacknowledged;
    private int nextToSend;
    private int attachment;
    private int sentHere;
    private long bytes;

    /// <summary>When the first of the messages that wait expires, or earlier.</summary>
    private long firstExpiry = MessageClock.Never;

    /// <param name="maxCount">The most messages that wait or are in flight.</param>
    /// <param name="maxBytes">The most bytes that they take together; a single larger message is still accepted.</param>
    /// <param name="time">Tells when messages expire; null for the system's clock.</param>
    /// <param name="whenGivenUp">Called for each message that is given up: it has expired, or the receiver takes no packet of its size.</param>
    /// <param name="journal">Notes what is to survive the process, or null.</param>
    public DeliveryQueue(
        int maxCount, long maxBytes, TimeProvider? time = null, Action? whenGivenUp = null, ISessionJournal? journal = null)
    {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.time = time ?? TimeProvider.System;
        this.whenGivenUp = whenGivenUp;
        this.journal = journal;
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

    /// <summary>The last delivery that may have been sent.</summary>
    public long LastSent
    {
        get
        {
            lock (gate)
                return inFlight.LastSequence;
        }
    }

    private int Held => waiting.Count + unacknowledged;

    /// <summary>Takes over the delivery's reference if there is room for it; <paramref name="extra"/> raises the limit of messages.</summary>
    public bool TryAdd(in Delivery delivery, int extra = 0)
    {
        int length = delivery.Message!.Length;
        lock (gate)
        {
            if (closed || blocked.Count > 0)
                return false;
            if (!HasRoom(length, extra))
            {
                DropExpired();
                if (!HasRoom(length, extra))
                    return false;
            }

            Enqueue(delivery);
            return true;
        }
    }

    /// <summary>Gives up what has expired while it waited.</summary>
    public void RemoveExpired()
    {
        lock (gate)
            DropExpired();
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

    /// <summary>Puts back a delivery from before a restart, in the order of the sequence.</summary>
    /// <param name="delivery">The delivery; the queue takes over its reference.</param>
    /// <param name="wasSent">Whether it may have been sent.</param>
    public void Restore(in Delivery delivery, bool wasSent)
    {
        lock (gate)
        {
            bytes += delivery.Message?.Length ?? 0;
            lastSequence = delivery.Sequence;
            if (wasSent && inFlight.HasRoomFor(delivery.Sequence))
            {
                inFlight.Add(delivery);
                unacknowledged++;
                return;
            }

            waiting.Enqueue(delivery);
            firstExpiry = Math.Min(firstExpiry, delivery.Message!.ExpiresAt);
        }
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
            attachment++;
            sentHere = 0;
            if (!resumed)
                FailReleased();
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
                    if (IsUncommitted(inFlight[nextToSend]))
                        break;
                    if (TryResend(out packet))
                        return true;
                    if (sentHere >= window)
                        return false;
                    continue;
                }

                if (waiting.Count == 0)
                    break;
                ref var next = ref waiting[0];
                bool acknowledged = PublishFlags.QualityOfService(next.Flags) != MqttQualityOfService.AtMostOnce;
                if (acknowledged && (sentHere >= window || !inFlight.HasRoomFor(next.Sequence) || IsUncommitted(next)))
                    break;
                var delivery = waiting.Dequeue();
                if (IsExpired(delivery) || IsTooLarge(delivery))
                {
                    GiveUp(delivery);
                    Admit();
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

    /// <summary>Ends a delivery with PUBACK or PUBCOMP; false when the identifier belongs to none, or to another connection's.</summary>
    public bool Acknowledge(object connection, PacketType type, in AcknowledgePacket packet)
    {
        PublishCompletion completion;
        SharedMessage? message;
        lock (gate)
        {
            if (owner != connection || !inFlight.TryFind(packet.PacketId, out int index))
                return false;
            ref var delivery = ref inFlight[index];
            bool exactlyOnce = PublishFlags.QualityOfService(delivery.Flags) == MqttQualityOfService.ExactlyOnce;
            if (exactlyOnce != (type == PacketType.PubComp) || (exactlyOnce && !delivery.IsReleased))
                return false;
            (message, completion) = (delivery.Message, delivery.Completion);
            Forget(ref delivery);
            Admit();
        }

        message?.Release();
        // PUBCOMP says "not found" when PUBREL is repeated after a reconnect; the message is where it should be all the same.
        Finish(completion, type == PacketType.PubComp ? packet with { Reason = MqttReasonCode.Success } : packet);
        return true;
    }

    /// <summary>Handles PUBREC, and tells whether PUBREL is to be sent, with which reason; the window may have opened.</summary>
    public bool Receive(object connection, in AcknowledgePacket packet, out MqttReasonCode release)
    {
        PublishCompletion completion = default;
        SharedMessage? message;
        bool refused = packet.Reason >= MqttReasonCode.UnspecifiedError;
        lock (gate)
        {
            release = MqttReasonCode.PacketIdentifierNotFound;
            if (owner != connection || !inFlight.TryFind(packet.PacketId, out int index))
                return !refused;
            ref var delivery = ref inFlight[index];
            if (PublishFlags.QualityOfService(delivery.Flags) != MqttQualityOfService.ExactlyOnce)
                return !refused;
            release = MqttReasonCode.Success;
            message = delivery.Message;
            if (refused)
            {
                completion = delivery.Completion;
                Forget(ref delivery);
                Admit();
            }
            else if (message is not null)
            {
                bytes -= message.Length;
                delivery.Message = null;
                delivery.IsReleased = true;
                delivery.Noted = journal?.Release(delivery.Sequence) ?? 0;
                Admit();
                // Not sent on this connection yet: its turn comes, and brings PUBREL.
                if (index >= nextToSend)
                    refused = true;
            }
        }

        message?.Release();
        Finish(completion, packet);
        return !refused;
    }

    /// <summary>Takes out what waits through shared subscriptions; the caller owns the references.</summary>
    /// <param name="which">Chooses the groups.</param>
    /// <param name="includeSent">Whether QoS 1 messages in flight are taken too; QoS 2 ones never are (MQTT 5, section 4.8.2).</param>
    public List<Delivery> TakeShared(Func<object, bool> which, bool includeSent)
    {
        List<Delivery> taken = [];
        lock (gate)
        {
            for (int i = 0; includeSent && i < inFlight.Count; i++)
            {
                var delivery = inFlight[i];
                if (delivery.Group is null || delivery.Message is null || !which(delivery.Group)
                    || PublishFlags.QualityOfService(delivery.Flags) != MqttQualityOfService.AtLeastOnce)
                    continue;
                int before = inFlight.Count;
                Forget(ref inFlight[i]);
                i -= before - inFlight.Count;
                taken.Add(delivery);
            }

            for (int left = waiting.Count; left > 0; left--)
            {
                var delivery = waiting.Dequeue();
                if (delivery.Group is null || !which(delivery.Group))
                {
                    waiting.Enqueue(delivery);
                    continue;
                }

                bytes -= delivery.Message!.Length;
                journal?.Remove(delivery.Sequence);
                taken.Add(delivery);
            }
        }

        return taken;
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
            inFlight.Clear();
            waiting.Clear();
            firstExpiry = MessageClock.Never;
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

    private static void Finish(PublishCompletion completion, in AcknowledgePacket packet)
    {
        if (completion.Pending is null)
            return;
        if (packet.Reason < MqttReasonCode.UnspecifiedError)
        {
            completion.Succeed();
            return;
        }

        string why = packet.ReasonString is null ? "" : $" ({packet.ReasonString})";
        completion.Fail(new MqttException(packet.Reason, $"The broker refused the message: {packet.Reason}{why}.") { ReasonString = packet.ReasonString });
    }

    /// <summary>
    /// Ends the deliveries of which the receiver has forgotten its part: whether it handed the message on before is not known, and
    /// sending it again could double it.
    /// </summary>
    private void FailReleased()
    {
        for (int i = inFlight.Count - 1; i >= 0; i--)
        {
            if (i >= inFlight.Count || !inFlight[i].IsReleased)
                continue;
            var completion = inFlight[i].Completion;
            Forget(ref inFlight[i]);
            completion.Fail(new MqttException(
                MqttReasonCode.PacketIdentifierNotFound,
                "The broker had the message (PUBREC) and has lost its session since: whether it was handed on is not known. Set SessionExpiry, so that sessions outlive a connection."));
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

            Enqueue(new Delivery(message, publish.Flags, null, publish.Completion));
        }
    }

    private bool HasRoom(int length, int extra) => Held < maxCount + extra && (extra > 0 || FitsBytes(length));

    private void Enqueue(Delivery delivery)
    {
        if (PublishFlags.QualityOfService(delivery.Flags) != MqttQualityOfService.AtMostOnce)
        {
            delivery = delivery with { Sequence = ++lastSequence };
            if (journal?.Add(delivery) is { } noted && PublishFlags.QualityOfService(delivery.Flags) == MqttQualityOfService.ExactlyOnce)
                delivery.Noted = noted;
        }

        waiting.Enqueue(delivery);
        bytes += delivery.Message!.Length;
        firstExpiry = Math.Min(firstExpiry, delivery.Message.ExpiresAt);
    }

    private bool IsExpired(in Delivery delivery) => MessageClock.IsExpired(time, delivery.Message!.ExpiresAt);

    private void DropExpired()
    {
        if (!MessageClock.IsExpired(time, firstExpiry))
            return;
        firstExpiry = MessageClock.Never;
        for (int left = waiting.Count; left > 0; left--)
        {
            var delivery = waiting.Dequeue();
            if (IsExpired(delivery))
            {
                GiveUp(delivery);
                continue;
            }

            waiting.Enqueue(delivery);
            firstExpiry = Math.Min(firstExpiry, delivery.Message!.ExpiresAt);
        }

        Admit();
    }

    private bool IsUncommitted(in Delivery delivery) => delivery.Noted > 0 && !journal!.IsCommitted(delivery.Noted);

    private bool TryResend(out OutboundPacket packet)
    {
        packet = default;
        ref var delivery = ref inFlight[nextToSend];
        if (delivery.IsReleased)
        {
            packet = OutboundPacket.Acknowledge(PacketType.PubRel, inFlight.IdAt(nextToSend), MqttReasonCode.Success);
            nextToSend++;
            return true;
        }

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
        packet = OutboundPacket.Publish(delivery.Message, flags, inFlight.IdAt(nextToSend), delivery.SubscriptionIds);
        nextToSend++;
        delivery.SentIn = attachment;
        sentHere++;
        return true;
    }

    private OutboundPacket Send(in Delivery delivery)
    {
        delivery.Message!.AddReference();
        ushort packetId = inFlight.Add(delivery with { SentIn = attachment });
        unacknowledged++;
        sentHere++;
        nextToSend = inFlight.Count;
        return OutboundPacket.Publish(delivery.Message, delivery.Flags, packetId, delivery.SubscriptionIds);
    }

    private OutboundPacket Pass(in Delivery delivery)
    {
        bytes -= delivery.Message!.Length;
        delivery.Completion.Succeed();
        return OutboundPacket.Publish(delivery.Message, delivery.Flags, 0, delivery.SubscriptionIds);
    }

    /// <summary>Empties a place in flight, gives its part of the window back, and removes it as soon as no older one is in flight.</summary>
    private void Forget(ref Delivery delivery)
    {
        bytes -= delivery.Message?.Length ?? 0;
        if (delivery.SentIn == attachment)
            sentHere--;
        journal?.Remove(delivery.Sequence);
        delivery = default;
        unacknowledged--;
        nextToSend = Math.Max(0, nextToSend - inFlight.RemoveFinished());
    }

    private bool IsTooLarge(in Delivery delivery)
    {
        var message = delivery.Message!;
        // The sum bounds what the header can add; only packets near the limit are measured exactly.
        if (message.Length + 64L + (6L * (delivery.SubscriptionIds?.Length ?? 0)) <= maxPacketSize)
            return false;
        var writer = new PublishWriter(
            delivery.Flags,
            message.TopicUtf8,
            message.Properties,
            delivery.SubscriptionIds,
            message.Payload.Length,
            version,
            MessageClock.Left(time, message.ExpiresAt));
        return (uint)writer.PacketLength > maxPacketSize;
    }

    private void GiveUp(in Delivery delivery, bool counted = true)
    {
        if (counted)
        {
            bytes -= delivery.Message!.Length;
            if (delivery.Sequence > 0)
                journal?.Remove(delivery.Sequence);
        }

        string topic = delivery.Message!.Topic;
        if (delivery.Completion.Pending is not null)
        {
            delivery.Completion.Fail(IsExpired(delivery)
                ? new MqttException($"The message for '{topic}' was not sent: it expired while it waited.")
                : new MqttException(
                    MqttReasonCode.PacketTooLarge,
                    $"The message for '{topic}' was not sent: the receiver takes packets of at most {maxPacketSize} bytes."));
        }

        delivery.Message!.Release();
        whenGivenUp?.Invoke();
    }
}
