using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Messaging;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>
/// Sees what comes on topics while somebody looks: the first look subscribes, and half a minute after the last one that ends. Topics
/// and payloads are bounded, and a payload is copied a few times a second at most, whatever the traffic.
/// </summary>
internal sealed class TopicWatch : IDisposable
{
    /// <summary>How many filters are watched at once.</summary>
    public const int MaxWatches = 8;

    private const int MaxTopics = 2_000;
    private const int MaxPayload = 4_096;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watch> _watches = new(StringComparer.Ordinal);
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public TopicWatch(IServiceProvider services, TimeProvider time)
    {
        (_services, _time) = (services, time);
        _timer = time.CreateTimer(_ => EndIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Returns the topics that a filter matches and on which something came since they are watched.</summary>
    /// <exception cref="ProblemException">There is no bus, or too many filters are watched.</exception>
    /// <exception cref="ArgumentException">The filter is none.</exception>
    public IReadOnlyList<TopicDetails> Look(string filter)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(filter, out Watch? watch))
            {
                IMessageBus bus = _services.GetService<IMessageBus>()
                    ?? throw new ProblemException(409, "This host has no message bus, so no topic can be watched.", "Add one to the host, for example with AddMqttBroker().");
                if (_watches.Count >= MaxWatches)
                    throw new ProblemException(409, $"{MaxWatches} topic filters are watched already.", "Look at one of these, or wait half a minute until they are given up.");
                watch = new Watch(_time);
                watch.Begin(bus, filter);
                _watches.Add(filter, watch);
                _timer.Change(Linger, Linger);
            }

            watch.Looked = _time.GetTimestamp();
            return watch.List();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            foreach (Watch watch in _watches.Values)
                watch.Dispose();
            _watches.Clear();
        }
    }

    private void EndIdle()
    {
        lock (_lock)
        {
            foreach ((string filter, Watch watch) in _watches.Where(w => _time.GetElapsedTime(w.Value.Looked) >= Linger).ToArray())
            {
                watch.Dispose();
                _watches.Remove(filter);
            }

            if (_watches.Count == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Watch(TimeProvider time) : IDisposable
    {
        private static readonly TimeSpan Copying = TimeSpan.FromMilliseconds(250);
        private readonly Lock _lock = new();
        private readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal);
        private IDisposable? _subscription;

        public long Looked { get; set; }

        public void Begin(IMessageBus bus, string filter) => _subscription = bus.Subscribe(filter, OnMessage);

        public IReadOnlyList<TopicDetails> List()
        {
            lock (_lock)
                return [.. _topics.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value.Describe(t.Key))];
        }

        public void Dispose() => _subscription?.Dispose();

        private ValueTask OnMessage(in BusMessage message)
        {
            lock (_lock)
            {
                if (_topics.TryGetValue(message.Topic, out Topic? topic) || _topics.Count < MaxTopics)
                {
                    if (topic is null)
                        _topics.Add(message.Topic, topic = new Topic());
                    topic.Messages++;
                    topic.Last = time.GetUtcNow();
                    if (topic.Messages == 1 || time.GetElapsedTime(topic.Copied) >= Copying)
                    {
                        topic.Copied = time.GetTimestamp();
                        topic.Take(message);
                    }
                }
            }

            message.Acknowledgement.Complete();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Topic
    {
        private byte[] _payload = [];
        private int _bytes;
        private bool _retained;

        public long Messages { get; set; }

        public DateTimeOffset Last { get; set; }

        public long Copied { get; set; }

        public void Take(in BusMessage message)
        {
            _payload = message.Payload[..Math.Min(MaxPayload, message.Payload.Length)].ToArray();
            (_bytes, _retained) = (message.Payload.Length, message.Retained);
        }

        public TopicDetails Describe(string topic)
        {
            bool isWhole = _bytes == _payload.Length;
            (string? text, string? base64) = PayloadText.Of(_payload, isWhole);
            return new TopicDetails(topic, Messages, Last, _bytes, isWhole, _retained, text, base64);
        }
    }
}
