namespace Mlops.Mqtt.Sessions;

/// <summary>What waits to be sent for the first time, in its order, and behind it the publishers that wait for room; not thread-safe.</summary>
internal sealed class WaitingDeliveries(QueueLimit limit, TimeProvider time, ISessionJournal? journal)
{
    private readonly RingBuffer<Delivery> waiting = new();
    private readonly RingBuffer<BlockedPublish> blocked = new();

    /// <summary>When the first of the messages that wait expires, or earlier.</summary>
    private long firstExpiry = MessageClock.Never;

    public int Count => waiting.Count;

    /// <summary>Whether publishers wait for room.</summary>
    public bool IsBlocked => blocked.Count > 0;

    public ref Delivery First => ref waiting[0];

    public void Add(in Delivery delivery)
    {
        waiting.Enqueue(delivery);
        firstExpiry = Math.Min(firstExpiry, delivery.Message!.ExpiresAt);
    }

    /// <summary>Takes the first one out; it counts until <see cref="Leave"/>.</summary>
    public Delivery Take() => waiting.Dequeue();

    /// <summary>Ends a delivery that was taken out and does not go into flight.</summary>
    public void Leave(in Delivery delivery)
    {
        limit.Leave(delivery.Message!.Length);
        if (delivery.Sequence > 0)
            journal?.Remove(delivery.Sequence);
    }

    public void Block(in BlockedPublish publish) => blocked.Enqueue(publish);

    /// <summary>Takes the message of the first publisher that waits, if there is room for it now.</summary>
    public bool TryAdmit(out Delivery delivery)
    {
        while (blocked.Count > 0 && limit.HasRoom(blocked[0].Length))
        {
            var publish = blocked.Dequeue();
            var message = publish.Copy();
            // A caller that has stopped waiting may have changed the payload meanwhile.
            if (publish.Completion.IsOpen)
            {
                delivery = new Delivery(message, publish.Flags, null, publish.Completion);
                return true;
            }

            message.Release();
        }

        delivery = default;
        return false;
    }

    /// <summary>Takes out what has expired; null for nothing.</summary>
    public List<Delivery>? TakeExpired()
    {
        if (!MessageClock.IsExpired(time, firstExpiry))
            return null;
        firstExpiry = MessageClock.Never;
        List<Delivery> expired = [];
        for (int left = waiting.Count; left > 0; left--)
        {
            var delivery = waiting.Dequeue();
            if (!MessageClock.IsExpired(time, delivery.Message!.ExpiresAt))
            {
                Add(delivery);
                continue;
            }

            Leave(delivery);
            expired.Add(delivery);
        }

        return expired;
    }

    /// <summary>Takes out what waits through shared subscriptions of these groups.</summary>
    public void TakeShared(Func<object, bool> which, List<Delivery> taken)
    {
        for (int left = waiting.Count; left > 0; left--)
        {
            var delivery = waiting.Dequeue();
            if (delivery.Group is null || !which(delivery.Group))
            {
                waiting.Enqueue(delivery);
                continue;
            }

            Leave(delivery);
            taken.Add(delivery);
        }
    }

    public void Trim()
    {
        waiting.Trim();
        blocked.Trim();
    }

    /// <summary>Gives everything up, and those who wait for it.</summary>
    public void Clear(List<PublishCompletion> completions)
    {
        for (int i = 0; i < waiting.Count; i++)
            DeliveryOutcome.Abandon(waiting[i], completions);
        for (int i = 0; i < blocked.Count; i++)
            completions.Add(blocked[i].Completion);
        waiting.Clear();
        blocked.Clear();
        firstExpiry = MessageClock.Never;
    }
}
