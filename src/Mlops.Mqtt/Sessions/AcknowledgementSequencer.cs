using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>Sends the acknowledgements of one connection in the order of the messages, each when nobody holds it back any more.</summary>
/// <remarks>
/// PUBACK for QoS 1, PUBREC for QoS 2. A message enters with holder 0, the receiver itself, so that it cannot leave before all other
/// holders are known. Each holder is one bit, which makes a release idempotent. After <see cref="Close"/> nothing is sent any more; a
/// release of a QoS 2 message then only tells the session that its repetition may be acknowledged.
/// </remarks>
/// <param name="limit">The most messages that may be unacknowledged.</param>
/// <param name="strict">Whether more than that break the protocol (MQTT 5); otherwise the reader is asked to wait.</param>
/// <param name="received">The QoS 2 messages of the session.</param>
/// <param name="send">Sends an acknowledgement.</param>
internal sealed class AcknowledgementSequencer(
    int limit, bool strict, ReceivedIdentifiers received, Action<PacketType, ushort, MqttReasonCode> send)
{
    /// <summary>The most holders that one message can have beside the receiver and the broker's store.</summary>
    public const int MaxHolders = 30;

    private const uint Receiver = 1;

    private const long Nowhere = -1;

    private readonly Lock gate = new();
    private readonly RingBuffer<Slot> slots = new();
    private long first;
    private int unacknowledged;
    private TaskCompletionSource? room;
    private bool closed;

    /// <summary>Enters a message and returns its place in the order. A repetition must not be handed on; it only has to leave again.</summary>
    /// <exception cref="MqttProtocolException">The peer has sent more than it may.</exception>
    public long Enter(ushort packetId, MqttQualityOfService quality, out bool repeated)
    {
        lock (gate)
        {
            // What still comes on a connection that is given up is not handed on: it comes again on the next one.
            repeated = closed;
            if (closed)
                return Nowhere;
            var slot = new Slot { PacketId = packetId, Holders = Receiver, Type = PacketType.PubAck };
            long sequence = first + slots.Count;
            if (quality == MqttQualityOfService.ExactlyOnce)
            {
                slot.Type = PacketType.PubRec;
                repeated = !received.Begin(packetId, this, sequence, out slot.Serial, out bool settled);
                // Leaves again with the receiver, or with the connection on which the message first came.
                if (repeated && !settled)
                    slot.Holders |= Receiver << 1;
                slot.IsRepeated = repeated;
            }

            // A repetition counts as long as it waits for its answer: nobody may send more than the limit without one.
            bool isTooMany = (!repeated && ++unacknowledged > limit) || slots.Count >= limit;
            if (isTooMany && strict)
            {
                if (!repeated && quality == MqttQualityOfService.ExactlyOnce)
                    received.Release(packetId, out _);
                throw new MqttProtocolException(
                    MqttReasonCode.ReceiveMaximumExceeded, $"More than {limit} messages came that are not acknowledged yet.");
            }

            slots.Enqueue(slot);
            return sequence;
        }
    }

    /// <summary>Adds a holder to a message that the receiver has not released yet.</summary>
    public MqttAcknowledgement Hold(long sequence, int holder)
    {
        uint bit = Receiver << (1 + holder);
        lock (gate)
        {
            long index = sequence - first;
            if (index >= 0 && index < slots.Count)
                slots[(int)index].Holders |= bit;
        }

        return new MqttAcknowledgement(this, sequence, bit);
    }

    /// <summary>Releases the receiver's own hold, with what it has to say about the message.</summary>
    public void Leave(long sequence, MqttReasonCode reason = MqttReasonCode.Success)
    {
        lock (gate)
        {
            long index = sequence - first;
            if (index >= 0 && index < slots.Count)
                slots[(int)index].Reason = reason;
        }

        Release(sequence, Receiver);
    }

    public void Release(long sequence, uint holder)
    {
        TaskCompletionSource? waiter = null;
        List<(AcknowledgementSequencer Sequencer, long Sequence)>? repetitions = null;
        lock (gate)
        {
            long index = sequence - first;
            if (index < 0 || index >= slots.Count)
                return;
            ref var changed = ref slots[(int)index];
            bool was = changed.Holders != 0;
            changed.Holders &= ~holder;
            if (closed)
            {
                if (was && changed.Holders == 0)
                    Settle(changed, ref repetitions);
            }
            else if (index == 0)
            {
                while (slots.Count > 0 && slots[0].Holders == 0)
                    Acknowledge(slots.Dequeue(), ref repetitions);
                if (room is not null && slots.Count < limit)
                    (waiter, room) = (room, null);
            }
        }

        waiter?.TrySetResult();
        Continue(repetitions);
    }

    /// <summary>Handles PUBREL: the peer will not send the message again. Gives the reason for PUBCOMP.</summary>
    public MqttReasonCode Complete(ushort packetId)
    {
        lock (gate)
        {
            // On a connection that is given up it may be a late one: the next connection may use the identifier again by now.
            if (closed || !received.Release(packetId, out var owner))
                return MqttReasonCode.PacketIdentifierNotFound;
            if (owner == this)
                unacknowledged--;
            return MqttReasonCode.Success;
        }
    }

    /// <summary>Completes when reading may go on: for MQTT 3.1.1 when fewer messages than the limit are held back.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (gate)
        {
            if (strict || slots.Count < limit || closed)
                return ValueTask.CompletedTask;
            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(room.Task);
        }
    }

    public void Close()
    {
        TaskCompletionSource? waiter;
        List<(AcknowledgementSequencer Sequencer, long Sequence)>? repetitions = null;
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            for (int i = 0; i < slots.Count; i++)
            {
                if (slots[i].Holders == 0)
                    Settle(slots[i], ref repetitions);
            }

            (waiter, room) = (room, null);
        }

        waiter?.TrySetResult();
        Continue(repetitions);
    }

    /// <summary>Lets the repetitions on newer connections go on; outside of the lock, as that takes theirs.</summary>
    private static void Continue(List<(AcknowledgementSequencer Sequencer, long Sequence)>? repetitions)
    {
        if (repetitions is null)
            return;
        foreach (var (sequencer, sequence) in repetitions)
            sequencer.Release(sequence, Receiver << 1);
    }

    private void Acknowledge(in Slot slot, ref List<(AcknowledgementSequencer Sequencer, long Sequence)>? repetitions)
    {
        first++;
        Settle(slot, ref repetitions);
        if (!slot.IsRepeated && (slot.Type == PacketType.PubAck || slot.IsRefused))
            unacknowledged--;
        send(slot.Type, slot.PacketId, slot.Reason);
    }

    private void Settle(in Slot slot, ref List<(AcknowledgementSequencer Sequencer, long Sequence)>? repetitions)
    {
        if (slot.Type != PacketType.PubRec || slot.IsRepeated)
            return;
        if (received.Settle(slot.PacketId, slot.Serial, slot.IsRefused) is (not null, _) repetition)
            (repetitions ??= []).Add((repetition.Waiter, repetition.Sequence));
    }

    private struct Slot
    {
        public PacketType Type;
        public ushort PacketId;
        public bool IsRepeated;
        public MqttReasonCode Reason;
        public uint Serial;
        public uint Holders;

        public readonly bool IsRefused => Reason >= MqttReasonCode.UnspecifiedError;
    }
}
