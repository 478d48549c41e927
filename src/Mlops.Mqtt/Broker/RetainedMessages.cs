using Mlops.Mqtt.Broker.Persistence;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>The last message of each topic that was marked to be retained; bounded in number and bytes.</summary>
internal sealed class RetainedMessages(int maxCount, long maxBytes, TimeProvider time, BrokerStore? store = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SharedMessage> messages = new(StringComparer.Ordinal);
    private long bytes;
    private long firstExpiry = MessageClock.Never;

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
                if (messages.TryGetValue(filter, out var exact))
                    found.Add(exact);
            }
            else
            {
                foreach (var (topic, message) in messages)
                {
                    if (MqttTopicFilter.Matches(filter, topic))
                        found.Add(message);
                }
            }

            foreach (var message in found)
                message.AddReference();
        }

        return found;
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
