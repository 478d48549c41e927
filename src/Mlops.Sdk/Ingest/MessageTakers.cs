using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Ingest;

/// <summary>
/// Those who take messages from the bus beside the databus and the mappings, by the source that their dead letters name: so that
/// these can be taken again, and that a topic which one of them decodes is not held to be unknown. Thread-safe.
/// </summary>
internal sealed class MessageTakers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string[] Filters, BusMessageHandler Handler)> _takers = new(StringComparer.Ordinal);

    /// <summary>Adds one, in place of an earlier one of the same source.</summary>
    /// <returns>Removes it again.</returns>
    public IDisposable Add(string source, IEnumerable<string> filters, BusMessageHandler handler)
    {
        (string[] Filters, BusMessageHandler Handler) taker = ([.. filters], handler);
        lock (_lock)
            _takers[source] = taker;
        return new Entry(this, source, taker.Filters);
    }

    /// <summary>Returns who takes the messages of a source.</summary>
    public BusMessageHandler? Find(string source)
    {
        lock (_lock)
            return _takers.TryGetValue(source, out (string[] Filters, BusMessageHandler Handler) taker) ? taker.Handler : null;
    }

    /// <summary>Returns who takes the messages of a topic.</summary>
    public BusMessageHandler[] HandlersOf(string topic)
    {
        lock (_lock)
            return [.. _takers.Values.Where(t => Array.Exists(t.Filters, f => MqttTopicFilter.Matches(f, topic))).Select(t => t.Handler)];
    }

    private void Remove(string source, string[] filters)
    {
        lock (_lock)
        {
            if (_takers.TryGetValue(source, out (string[] Filters, BusMessageHandler Handler) taker) && ReferenceEquals(taker.Filters, filters))
                _takers.Remove(source);
        }
    }

    private sealed class Entry(MessageTakers owner, string source, string[] filters) : IDisposable
    {
        public void Dispose() => owner.Remove(source, filters);
    }
}
