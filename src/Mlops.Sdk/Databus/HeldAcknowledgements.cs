using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>
/// The messages that were handed to subscribers and are not acknowledged yet. Gives each a number, so that telling the sender costs
/// no object, and counts the subscribers that have to agree. Thread-safe.
/// </summary>
internal sealed class HeldAcknowledgements
{
    private readonly Lock _lock = new();
    private readonly Action<object?, long> _complete;
    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _free = -1;
    private int _count;
    private TaskCompletionSource? _empty;

    public HeldAcknowledgements() => _complete = Complete;

    /// <summary>Gets how many messages are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Holds a message back until as many subscribers have completed it.</summary>
    public BusAcknowledgement Hold(MqttAcknowledgement acknowledgement, int subscribers)
    {
        lock (_lock)
        {
            int index = _free;
            if (index >= 0)
            {
                _free = _slots[index].Next;
            }
            else
            {
                index = _used++;
                if (index == _slots.Length)
                    Array.Resize(ref _slots, index * 2);
            }

            ref Slot slot = ref _slots[index];
            slot.Acknowledgement = acknowledgement;
            slot.Subscribers = subscribers;
            _count++;
            return new BusAcknowledgement(_complete, null, ((long)slot.Generation << 32) | (uint)index);
        }
    }

    /// <summary>Completes once nothing is held.</summary>
    public Task EmptyAsync()
    {
        lock (_lock)
        {
            if (_count == 0)
                return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    private void Complete(object? state, long token)
    {
        MqttAcknowledgement acknowledgement;
        TaskCompletionSource? empty = null;
        lock (_lock)
        {
            int index = (int)(uint)token;
            ref Slot slot = ref _slots[index];

            // Completed before, by a subscriber that does it twice.
            if (slot.Generation != (int)(token >> 32) || slot.Subscribers == 0 || --slot.Subscribers > 0)
                return;
            acknowledgement = slot.Acknowledgement;
            slot = new Slot { Generation = slot.Generation + 1, Next = _free };
            _free = index;
            if (--_count == 0)
                (empty, _empty) = (_empty, null);
        }

        acknowledgement.Complete();
        empty?.SetResult();
    }

    private struct Slot
    {
        public MqttAcknowledgement Acknowledgement;
        public int Subscribers;
        public int Generation;
        public int Next;
    }
}
