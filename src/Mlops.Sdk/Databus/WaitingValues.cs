using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>Values that came before the metadata that explains them, bounded in number, bytes and time. Belongs to whoever holds the gate.</summary>
internal sealed class WaitingValues(DatabusOptions options, TimeProvider time)
{
    private const int MaxGivenUp = 10_000;
    private readonly Dictionary<string, Queue<Waiting>> _byTopic = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long?> _givenUp = new(StringComparer.Ordinal);
    private int _count;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Tells whether waiting for the metadata of a topic was in vain before, so that nobody waits for it again.</summary>
    public bool IsGivenUp(string topic, long? hash) => _givenUp.TryGetValue(topic, out long? given) && given == hash;

    /// <summary>Keeps a message.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(HeldMessage message, long? hash)
    {
        if (_count >= options.MaxBuffered || _bytes + message.Payload.Length > options.MaxBufferedBytes)
            return false;
        Add(new Waiting(message, hash, time.GetTimestamp()));
        return true;
    }

    /// <summary>Puts a message back that still has to wait, with the time it has waited already.</summary>
    public void Add(Waiting waiting)
    {
        if (!_byTopic.TryGetValue(waiting.Message.Topic, out Queue<Waiting>? queue))
            _byTopic.Add(waiting.Message.Topic, queue = new Queue<Waiting>());
        queue.Enqueue(waiting);
        _count++;
        _bytes += waiting.Message.Payload.Length;
    }

    public bool Has(string topic) => _byTopic.ContainsKey(topic);

    /// <summary>Takes what waits on a topic, in the order of arrival.</summary>
    public IReadOnlyCollection<Waiting> Take(string topic)
    {
        _givenUp.Remove(topic);
        if (!_byTopic.Remove(topic, out Queue<Waiting>? queue))
            return [];
        foreach (Waiting waiting in queue)
            Forget(waiting);
        return queue;
    }

    /// <summary>Takes what has waited too long.</summary>
    public List<Waiting> TakeExpired()
    {
        var expired = new List<Waiting>();
        foreach ((string topic, Queue<Waiting> queue) in _byTopic)
        {
            while (queue.TryPeek(out Waiting? oldest) && time.GetElapsedTime(oldest.Since) >= options.MetadataTimeout)
            {
                expired.Add(queue.Dequeue());
                Forget(oldest);
                if (_givenUp.Count >= MaxGivenUp)
                    _givenUp.Clear();
                _givenUp[topic] = oldest.Hash;
            }

            if (queue.Count == 0)
                _byTopic.Remove(topic);
        }

        return expired;
    }

    private void Forget(Waiting waiting)
    {
        _count--;
        _bytes -= waiting.Message.Payload.Length;
    }

    /// <summary>A message with the hash version it needs (none when no metadata at all is known) and the tick since which it waits.</summary>
    internal sealed record Waiting(HeldMessage Message, long? Hash, long Since);
}
