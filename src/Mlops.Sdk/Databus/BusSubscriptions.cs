using System.Collections.Concurrent;
using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>The subscribers of an in-process bus, found by topic. Thread-safe; a topic seen before costs one lookup.</summary>
internal sealed class BusSubscriptions
{
    private const int MaxRemembered = 65_536;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Matched> _matched = new(StringComparer.Ordinal);
    private Entry[] _entries = [];
    private int _version;

    public Entry Add(string filter, BusMessageHandler handler)
    {
        var entry = new Entry(filter, handler, this);
        lock (_lock)
        {
            _entries = [.. _entries, entry];
            _version++;
        }

        return entry;
    }

    /// <summary>Finds who wants the messages of a topic.</summary>
    public Entry[] Match(string topic)
    {
        if (_matched.TryGetValue(topic, out Matched? matched) && matched.Version == Volatile.Read(ref _version))
            return matched.Entries;
        lock (_lock)
        {
            if (_matched.Count >= MaxRemembered)
                _matched.Clear();
            matched = new Matched(_version, [.. _entries.Where(e => MqttTopicFilter.Matches(e.Filter, topic))]);
        }

        _matched[topic] = matched;
        return matched.Entries;
    }

    private void Remove(Entry entry)
    {
        lock (_lock)
        {
            _entries = [.. _entries.Where(e => e != entry)];
            _version++;
        }
    }

    /// <summary>One subscription.</summary>
    internal sealed class Entry(string filter, BusMessageHandler handler, BusSubscriptions owner) : IDisposable
    {
        public string Filter { get; } = filter;

        public BusMessageHandler Handler { get; } = handler;

        public void Dispose() => owner.Remove(this);
    }

    private sealed record Matched(int Version, Entry[] Entries);
}
