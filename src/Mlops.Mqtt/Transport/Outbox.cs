using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Transport;

/// <summary>What one connection has to write: its own control packets first, then what the session delivers.</summary>
internal sealed class Outbox
{
    /// <summary>Control packets beyond which reading stops until the peer takes some: it asks faster than it listens.</summary>
    private const int MaxControl = 1024;

    private readonly Lock gate = new();
    private readonly RingBuffer<OutboundPacket> control = new();
    private readonly AsyncSignal signal = new(isWriteLoop: true);
    private DeliveryQueue? deliveries;
    private object? consumer;
    private TaskCompletionSource? room;
    private byte[]? farewell;
    private bool completed;

    /// <summary>Whether no further packet is taken up and the rest only has to be written.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (gate)
                return completed;
        }
    }

    public void Add(in OutboundPacket packet)
    {
        lock (gate)
        {
            if (completed)
                return;
            control.Enqueue(packet);
        }

        signal.Set();
    }

    /// <summary>Takes no more packets; <paramref name="last"/> is written as the last one. Only the first call counts.</summary>
    /// <param name="last">The farewell, or null.</param>
    /// <param name="afterDeliveries">Whether the session's deliveries that may be sent go out before it.</param>
    public void Complete(byte[]? last = null, bool afterDeliveries = false)
    {
        TaskCompletionSource? waiter;
        lock (gate)
        {
            if (!completed)
            {
                farewell = last;
                if (!afterDeliveries)
                    deliveries = null;
            }

            completed = true;
            (waiter, room) = (room, null);
        }

        waiter?.TrySetResult();
        signal.Set();
    }

    /// <summary>Writes what the queue holds from now on, as the consumer that the queue is attached to.</summary>
    public void DeliverFrom(DeliveryQueue queue, object queueConsumer)
    {
        lock (gate)
        {
            if (!completed)
                (deliveries, consumer) = (queue, queueConsumer);
        }

        signal.Set();
    }

    /// <summary>Gives back the memory of what was once waiting.</summary>
    public void Trim()
    {
        lock (gate)
            control.Trim();
    }

    /// <summary>Says that the session has something to deliver, or that its window has opened.</summary>
    public void Signal() => signal.Set();

    public ValueTask WaitAsync() => signal.WaitAsync();

    public bool TryTake(out OutboundPacket packet)
    {
        TaskCompletionSource? waiter = null;
        DeliveryQueue? queue;
        bool taken = false;
        packet = default;
        lock (gate)
        {
            if (control.Count > 0)
            {
                packet = control.Dequeue();
                taken = true;
                if (room is not null && control.Count < MaxControl / 2)
                    (waiter, room) = (room, null);
            }

            queue = deliveries;
        }

        waiter?.TrySetResult();
        return taken || (queue is not null && queue.TryTake(consumer!, out packet)) || TryTakeFarewell(out packet);
    }

    /// <summary>Completes when the peer has taken enough of the control packets.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (gate)
        {
            if (control.Count < MaxControl || completed)
                return ValueTask.CompletedTask;
            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(room.Task);
        }
    }

    private bool TryTakeFarewell(out OutboundPacket packet)
    {
        lock (gate)
        {
            packet = farewell is null ? default : OutboundPacket.Of(farewell);
            bool taken = farewell is not null;
            farewell = null;
            return taken;
        }
    }
}
