using System.Collections.Concurrent;
using System.Text;
using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Tests.Ingest;

/// <summary>A bus within the test: delivers a message to every subscriber and remembers, in order, what was acknowledged.</summary>
internal sealed class TestBus : IMessageBus
{
    private readonly Lock _lock = new();
    private readonly List<(string Filter, BusMessageHandler Handler)> _subscriptions = [];

    public event Action<BusState>? StateChanged;

    public BusState State => BusState.Connected;

    /// <summary>Gets the numbers of the messages that were acknowledged.</summary>
    public ConcurrentQueue<long> Acknowledged { get; } = new();

    public IReadOnlyList<string> Filters
    {
        get
        {
            lock (_lock)
                return [.. _subscriptions.Select(s => s.Filter)];
        }
    }

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain = false, CancellationToken cancellationToken = default) =>
        Deliver(topic, payload, 0);

    public IDisposable Subscribe(string topicFilter, BusMessageHandler handler)
    {
        lock (_lock)
            _subscriptions.Add((topicFilter, handler));
        return new Registration(() =>
        {
            lock (_lock)
                _subscriptions.RemoveAll(s => s.Handler == handler);
        });
    }

    /// <summary>Delivers a message; its number turns up in <see cref="Acknowledged"/> later.</summary>
    public ValueTask Deliver(string topic, string payload, long number = 0, bool retained = false) =>
        Deliver(topic, Encoding.UTF8.GetBytes(payload), number, retained);

    public ValueTask Deliver(string topic, ReadOnlyMemory<byte> payload, long number, bool retained = false)
    {
        (string Filter, BusMessageHandler Handler)[] matching;
        lock (_lock)
            matching = [.. _subscriptions.Where(s => MqttTopicFilter.Matches(s.Filter, topic))];
        ValueTask last = ValueTask.CompletedTask;
        foreach ((_, BusMessageHandler handler) in matching)
        {
            last = handler(new BusMessage
            {
                Topic = topic,
                Payload = payload.Span,
                Retained = retained,
                Arrival = System.Diagnostics.Stopwatch.GetTimestamp(),
                // What the node publishes itself has no number, and nobody waits for it.
                Acknowledgement = number == 0 ? default : new BusAcknowledgement((_, token) => Acknowledged.Enqueue(token), null, number),
            });
        }

        return last;
    }

    /// <summary>Says that the state has changed.</summary>
    public void Raise(BusState state) => StateChanged?.Invoke(state);

    private sealed class Registration(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
