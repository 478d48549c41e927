namespace Mlops.Mqtt.Sessions;

/// <summary>Sends the acknowledgements of one connection in the order of the messages, each when nobody holds it back any more.</summary>
/// <remarks>
/// A message enters with holder 0, the receiver itself, so that it cannot leave before all other holders are known. Each holder is
/// one bit, which makes a release idempotent. After <see cref="Close"/> every call does nothing.
/// </remarks>
internal sealed class AcknowledgementSequencer(int limit, Action<ushort, MqttReasonCode> send)
{
    /// <summary>The most holders that one message can have beside the receiver.</summary>
    public const int MaxHolders = 31;

    private const uint Receiver = 1;

    private readonly Lock gate = new();
    private readonly RingBuffer<Slot> slots = new();
    private long first;
    private TaskCompletionSource? room;
    private bool closed;

    /// <summary>Enters a message and returns its place in the order.</summary>
    public long Enter(ushort packetId)
    {
        lock (gate)
        {
            if (closed)
                return 0;
            slots.Enqueue(new Slot { PacketId = packetId, Holders = Receiver });
            return first + slots.Count - 1;
        }
    }

    /// <summary>Adds a holder to a message that the receiver has not released yet.</summary>
    public MqttAcknowledgement Hold(long sequence, int holder)
    {
        uint bit = Receiver << (1 + holder);
        lock (gate)
        {
            if (!closed)
                slots[(int)(sequence - first)].Holders |= bit;
        }

        return new MqttAcknowledgement(this, sequence, bit);
    }

    /// <summary>Releases the receiver's own hold, with what it has to say about the message.</summary>
    public void Leave(long sequence, MqttReasonCode reason = MqttReasonCode.Success)
    {
        lock (gate)
        {
            if (!closed)
                slots[(int)(sequence - first)].Reason = reason;
        }

        Release(sequence, Receiver);
    }

    public void Release(long sequence, uint holder)
    {
        TaskCompletionSource? waiter = null;
        lock (gate)
        {
            long index = sequence - first;
            if (closed || index < 0 || index >= slots.Count)
                return;
            slots[(int)index].Holders &= ~holder;
            if (index != 0)
                return;
            while (slots.Count > 0 && slots[0].Holders == 0)
            {
                var slot = slots.Dequeue();
                first++;
                send(slot.PacketId, slot.Reason);
            }

            if (room is not null && slots.Count < limit)
                (waiter, room) = (room, null);
        }

        waiter?.TrySetResult();
    }

    /// <summary>Completes when fewer messages than the limit are unacknowledged.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (gate)
        {
            if (slots.Count < limit || closed)
                return ValueTask.CompletedTask;
            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(room.Task);
        }
    }

    public void Close()
    {
        TaskCompletionSource? waiter;
        lock (gate)
        {
            closed = true;
            slots.Clear();
            (waiter, room) = (room, null);
        }

        waiter?.TrySetResult();
    }

    private struct Slot
    {
        public ushort PacketId;
        public MqttReasonCode Reason;
        public uint Holders;
    }
}
