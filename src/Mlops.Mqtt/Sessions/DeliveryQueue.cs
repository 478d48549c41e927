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
    private readonly QueueLimit limit;
    private readonly WaitingDeliveries waiting;
    private readonly DeliveryWindow inFlight;
    private readonly TimeProvider time;
    private readonly Action<DropReason>? whenGivenUp;
    private readonly ISessionJournal? journal;

    private object? owner;
    private ReceiverLimits receiver;
    private bool markDuplicates;
    private bool closed;
    private long lastSequence;

    /// <param name="maxCount">The most messages that wait or are in flight.</param>
    /// <param name="maxBytes">The most bytes that they take together; a single larger message is still accepted.</param>
    /// <param name="time">Tells when messages expire; null for the system's clock.</param>
    /// <param name="whenGivenUp">Called for each message that is given up: it has expired, or the receiver does not take its like.</param>
    /// <param name="journal">Notes what is to survive the process, or null.</param>
    public DeliveryQueue(
        int maxCount, long maxBytes, TimeProvider? time = null, Action<DropReason>? whenGivenUp = null, ISessionJournal? journal = null)
    {
        this.time = time ?? TimeProvider.System;
        this.whenGivenUp = whenGivenUp;
        this.journal = journal;
        limit = new QueueLimit(maxCount, maxBytes);
        waiting = new WaitingDeliveries(limit, this.time, journal);
        inFlight = new DeliveryWindow(limit, journal);
    }

    /// <summary>Messages that wait or are in flight.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return limit.Count;
        }
    }

    /// <summary>Messages that wait, messages in flight, and the bytes of both.</summary>
    public (int Waiting, int InFlight, long Bytes) Size
    {
        get
        {
            lock (gate)
                return (waiting.Count, inFlight.Unacknowledged, limit.Bytes);
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

    /// <summary>Takes over the delivery's reference if there is room for it; <paramref name="extra"/> raises the limit of messages.</summary>
    public bool TryAdd(in Delivery delivery, int extra = 0)
    {
        int length = delivery.Message!.Length;
        lock (gate)
        {
            if (closed || waiting.IsBlocked)
                return false;
            if (!limit.HasRoom(length, extra))
            {
                DropExpired();
                if (!limit.HasRoom(length, extra))
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
            waiting.Block(publish);
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
            limit.Enter(delivery.Message?.Length ?? 0);
            lastSequence = delivery.Sequence;
            if (wasSent && inFlight.HasRoomFor(delivery.Sequence))
                inFlight.Restore(delivery);
            else
                waiting.Add(delivery);
        }
    }

    /// <summary>Gives the queue to a connection; what was in flight is sent again first.</summary>
    public void Attach(object connection, in ReceiverLimits limits, bool resumed)
    {
        lock (gate)
        {
            owner = connection;
            receiver = limits;
            markDuplicates = resumed;
            inFlight.Attach(limits.ReceiveMaximum);
            if (resumed)
                return;
            // Whether the receiver handed them on before it forgot them is not known, and sending them again could double them.
            foreach (var completion in inFlight.RemoveReleased())
                DeliveryOutcome.SessionLost(completion);
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
                if (inFlight.Next < inFlight.Count)
                {
                    if (IsUncommitted(inFlight[inFlight.Next]))
                        break;
                    if (TryResend(out packet))
                        return true;
                    if (inFlight.IsFull)
                        return false;
                    continue;
                }

                if (waiting.Count == 0)
                    break;
                ref var next = ref waiting.First;
                bool acknowledged = IsAcknowledged(next);
                if (acknowledged && (inFlight.IsFull || !inFlight.HasRoomFor(next.Sequence) || IsUncommitted(next)))
                    break;
                var delivery = waiting.Take();
                if (FindProblem(delivery) is { } problem)
                {
                    waiting.Leave(delivery);
                    GiveUp(delivery, problem);
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
            inFlight.Remove(ref delivery);
            Admit();
        }

        message?.Release();
        // PUBCOMP says "not found" when PUBREL is repeated after a reconnect; the message is where it should be all the same.
        DeliveryOutcome.Acknowledged(completion, type == PacketType.PubComp ? packet with { Reason = MqttReasonCode.Success } : packet);
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
                inFlight.Remove(ref delivery);
                Admit();
            }
            else if (message is not null)
            {
                limit.LeaveContent(message.Length);
                delivery.Message = null;
                delivery.IsReleased = true;
                delivery.Noted = journal?.Release(delivery.Sequence) ?? 0;
                Admit();
                // Not sent on this connection yet: its turn comes, and brings PUBREL.
                if (index >= inFlight.Next)
                    refused = true;
            }
        }

        message?.Release();
        DeliveryOutcome.Acknowledged(completion, packet);
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
            if (includeSent)
                inFlight.TakeShared(which, taken);
            waiting.TakeShared(which, taken);
        }

        return taken;
    }

    /// <summary>Gives back the memory of what was once waiting or in flight.</summary>
    public void Trim()
    {
        lock (gate)
        {
            waiting.Trim();
            inFlight.Trim();
        }
    }

    /// <summary>Gives everything up and accepts no more: the session has ended, or nobody will connect again.</summary>
    public void Close(Exception error)
    {
        List<PublishCompletion> completions = [];
        lock (gate)
        {
            inFlight.Clear(completions);
            waiting.Clear(completions);
            limit.Clear();
            closed = true;
        }

        foreach (var completion in completions)
            completion.Fail(error);
    }

    private static bool IsAcknowledged(in Delivery delivery) => PublishFlags.QualityOfService(delivery.Flags) != MqttQualityOfService.AtMostOnce;

    private void Admit()
    {
        while (waiting.TryAdmit(out var delivery))
            Enqueue(delivery);
    }

    private void Enqueue(Delivery delivery)
    {
        if (IsAcknowledged(delivery))
        {
            delivery = delivery with { Sequence = ++lastSequence };
            if (journal?.Add(delivery) is { } noted && PublishFlags.QualityOfService(delivery.Flags) == MqttQualityOfService.ExactlyOnce)
                delivery.Noted = noted;
        }

        waiting.Add(delivery);
        limit.Enter(delivery.Message!.Length);
    }

    private void DropExpired()
    {
        if (waiting.TakeExpired() is not { } expired)
            return;
        foreach (var delivery in expired)
            GiveUp(delivery, DropReason.Expired);
        Admit();
    }

    private bool IsUncommitted(in Delivery delivery) => delivery.Noted > 0 && !journal!.IsCommitted(delivery.Noted);

    private bool TryResend(out OutboundPacket packet)
    {
        packet = default;
        ref var delivery = ref inFlight[inFlight.Next];
        ushort packetId = inFlight.IdAt(inFlight.Next);
        if (delivery.IsReleased)
        {
            packet = OutboundPacket.Acknowledge(PacketType.PubRel, packetId, MqttReasonCode.Success);
            inFlight.Skip();
            return true;
        }

        if (delivery.Message is null)
        {
            inFlight.Skip();
            return false;
        }

        if (inFlight.IsFull)
            return false;
        if (FindMisfit(delivery) is { } problem)
        {
            var given = delivery;
            inFlight.Remove(ref delivery);
            GiveUp(given, problem);
            return false;
        }

        delivery.Message.AddReference();
        byte flags = markDuplicates ? (byte)(delivery.Flags | PublishFlags.Duplicate) : delivery.Flags;
        packet = OutboundPacket.Publish(delivery.Message, flags, packetId, delivery.SubscriptionIds);
        inFlight.Resend();
        return true;
    }

    private OutboundPacket Send(in Delivery delivery)
    {
        var message = delivery.Message!;
        message.AddReference();
        return OutboundPacket.Publish(message, delivery.Flags, inFlight.Send(delivery), delivery.SubscriptionIds);
    }

    private OutboundPacket Pass(in Delivery delivery)
    {
        waiting.Leave(delivery);
        delivery.Completion.Succeed();
        return OutboundPacket.Publish(delivery.Message!, delivery.Flags, 0, delivery.SubscriptionIds);
    }

    private DropReason? FindProblem(in Delivery delivery) =>
        MessageClock.IsExpired(time, delivery.Message!.ExpiresAt) ? DropReason.Expired : FindMisfit(delivery);

    /// <summary>Why the receiver may not be sent the message, however long it waits; null when it may.</summary>
    private DropReason? FindMisfit(in Delivery delivery) =>
        !receiver.Offers(delivery.Flags) ? DropReason.NotOffered
        : delivery.Fits(receiver.LargestPacket, receiver.Version, time) ? null
        : DropReason.TooLarge;

    private void GiveUp(in Delivery delivery, DropReason reason)
    {
        DeliveryOutcome.GivenUp(delivery, reason, receiver);
        delivery.Message!.Release();
        whenGivenUp?.Invoke(reason);
    }
}
