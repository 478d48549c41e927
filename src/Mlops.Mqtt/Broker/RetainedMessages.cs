using Mlops.Mqtt.Broker.Persistence;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>The last message of each topic that was marked to be retained; bounded in number and bytes, but for the broker's own.</summary>
internal sealed class RetainedMessages(int maxCount, long maxBytes, TimeProvider time, BrokerStore? store = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SharedMessage> messages = new(StringComparer.Ordinal);

    /// <summary>What the broker says about itself: no part of the limits, and not kept on the disk.</summary>
    private readonly Dictionary<string, SharedMessage> own = new(StringComparer.Ordinal);
    private long bytes;
    private long firstExpiry = MessageClock.Never;

    /// <summary>How many there are and what they take, without the broker's own.</summary>
    public (int Count, long Bytes) Size
    {
        get
        {
            lock (gate)
                return (messages.Count, bytes);
        }
    }

    /// <summary>How many there can be, the broker's own included.</summary>
    public int Most
    {
        get
        {
            lock (gate)
                return maxCount + own.Count;
        }
    }

    /// <summary>Keeps a message (taking over its reference) or, when it is empty, forgets the kept one; false when there is no room.</summary>
    public bool TrySet(SharedMessage message)
    {
        lock (gate)
        {
            DropExpired();
            messages.TryGetValue(message.Topic, out var older);
            bool kept = !message.Payload.IsEmpty;
            int count = messages.Count + (older is null ? 1 : 0);
            long size = bytes - (older?.Length ?? 0) + message.Length;
            if (kept && (count > maxCount || size > maxBytes || store is { IsFailing: true }))
            {
                message.Release();
                return false;
            }

            if (older is not null)
                bytes -= older.Length;
            if (kept)
            {
                messages[message.Topic] = message;
                bytes += message.Length;
                firstExpiry = Math.Min(firstExpiry, message.ExpiresAt);
                store?.Retain(message);
            }
            else
            {
                if (messages.Remove(message.Topic))
                    store?.RemoveRetained(message.Topic);
                message.Release();
            }

            older?.Release();
            return true;
        }
    }

    /// <summary>Keeps a message that the broker publishes about itself, taking over its reference.</summary>
    public void SetOwn(SharedMessage message)
    {
        lock (gate)
        {
            if (own.TryGetValue(message.Topic, out var older))
                older.Release();
            own[message.Topic] = message;
        }
    }

    /// <summary>Puts back a message from before a restart, taking over its reference.</summary>
    public void Restore(SharedMessage message)
    {
        lock (gate)
        {
            messages.Add(message.Topic, message);
            bytes += message.Length;
            firstExpiry = Math.Min(firstExpiry, message.ExpiresAt);
        }
    }

    /// <summary>Forgets what has expired.</summary>
    public void RemoveExpired()
    {
        lock (gate)
            DropExpired();
    }

    /// <summary>Finds the messages whose topic matches; the caller releases each.</summary>
    public List<SharedMessage> Match(string filter)
    {
        List<SharedMessage> found = [];
        lock (gate)
        {
            DropExpired();
            if (!filter.AsSpan().ContainsAny('+', '#'))
            {
                if (messages.TryGetValue(filter, out var exact) || own.TryGetValue(filter, out exact))
                    found.Add(exact);
            }
            else
            {
                AddMatching(messages, filter, found);
                if (filter.StartsWith('$'))
                    AddMatching(own, filter, found);
            }

            foreach (var message in found)
                message.AddReference();
        }

        return found;
    }

    private static void AddMatching(Dictionary<string, SharedMessage> all, string filter, List<SharedMessage> found)
    {
        foreach (var (topic, message) in all)
        {
            if (MqttTopicFilter.Matches(filter, topic))
                found.Add(message);
        }
    }

    private void DropExpired()
    {
        if (!MessageClock.IsExpired(time, firstExpiry))
            return;
        firstExpiry = MessageClock.Never;
        foreach (var (topic, message) in messages)
        {
            if (MessageClock.IsExpired(time, message.ExpiresAt))
            {
                messages.Remove(topic);
                store?.RemoveRetained(topic);
                bytes -= message.Length;
                message.Release();
            }
            else
            {
                firstExpiry = Math.Min(firstExpiry, message.ExpiresAt);
            }
        }
    }

    public static byte FlagsFor(SharedMessage message, MqttQualityOfService maximum) => PublishFlags.Of(
        (MqttQualityOfService)Math.Min((int)PublishFlags.QualityOfService(message.Flags), (int)maximum), retain: true);
}
