using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Ingest.PlainJson;

/// <summary>Takes plain JSON from the topics that <see cref="IngestOptions.Subscriptions"/> name.</summary>
internal sealed class PlainJsonConsumer : IDisposable
{
    private const int MaxTopics = 10_000;
    private readonly IngestPipeline _pipeline;
    private readonly IngestOptions _options;
    private readonly ILogger<PlainJsonConsumer> _logger;
    private readonly PlainJsonDecoder _decoder;
    private readonly List<IDisposable> _subscriptions = [];

    public PlainJsonConsumer(IngestPipeline pipeline, IngestInstruments instruments, IOptions<IngestOptions> options, ILogger<PlainJsonConsumer> logger)
    {
        _pipeline = pipeline;
        _options = options.Value;
        _logger = logger;
        _decoder = new PlainJsonDecoder(instruments);
    }

    public void Start(IMessageBus bus)
    {
        foreach (IngestSubscription subscription in _options.Subscriptions)
        {
            var source = new Source(subscription, FeedTemplate.Parse(subscription.Feed));
            _subscriptions.Add(bus.Subscribe(subscription.Topic, (in BusMessage message) => OnMessage(source, message)));
        }

        if (_subscriptions.Count > 0)
            Log.Subscribed(_logger, _subscriptions.Count);
    }

    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
        _subscriptions.Clear();
    }

    private ValueTask OnMessage(Source source, in BusMessage message)
    {
        lock (_pipeline.Gate)
        {
            if (_pipeline.IsStopped)
                return ValueTask.CompletedTask;
            if (source.IsForeign(message.Topic))
                _pipeline.Settle(message);
            else if (Route(source, message) is { } route && !Take(route, message))
                return new ValueTask(ExtendAsync(route, HeldMessage.From(message), [.. _decoder.NewFields]));
        }

        return _pipeline.RoomAsync();
    }

    private PlainJsonRoute? Route(Source source, in BusMessage message)
    {
        if (source.Routes.TryGetValue(message.Topic, out PlainJsonRoute? route))
            return route;
        if (source.Routes.Count >= MaxTopics)
        {
            _pipeline.Reject(message, $"The subscription to '{source.Subscription.Topic}' has brought {MaxTopics} topics already. Narrow its filter.");
            return null;
        }

        if (source.Feed.Resolve(message.Topic) is not { } feed)
        {
            _pipeline.Reject(message, $"The feed '{source.Subscription.Feed}' of the subscription needs more segments than the topic has.");
            return null;
        }

        route = new PlainJsonRoute(source.Subscription, feed);
        source.Routes.Add(message.Topic, route);
        return route;
    }

    // Under the gate. False when the feed must get more fields first.
    private bool Take(PlainJsonRoute route, in BusMessage message)
    {
        int before = route.Inlet?.Entry.Count ?? 0;
        try
        {
            int rows = _decoder.Decode(route, message.Payload, _pipeline.Now, message.Arrival);
            if (rows < 0)
                return false;
            if (rows > 0)
                _pipeline.AcceptEntry(route.Inlet!, rows, message.Payload.Length);
            _pipeline.Settle(message);
        }
        catch (Exception e)
        {
            route.Inlet?.Entry.Truncate(before);
            if (e is not (JsonException or InvalidOperationException))
                Log.MessageFailed(_logger, message.Topic, e);
            _pipeline.Reject(message, $"The message cannot be read: {e.Message}");
        }

        return true;
    }

    // The connection waits meanwhile, so its messages keep their order.
    private async Task ExtendAsync(PlainJsonRoute route, HeldMessage message, FeedField[] fields)
    {
        try
        {
            if (fields.Length + (route.Inlet?.Schema.Fields.Count ?? 0) > _options.MaxFields)
                throw new JsonException($"feed '{route.Feed}' would get more than {_options.MaxFields} fields; raise Mlops:Ingest:MaxFields");
            FeedInlet inlet = await _pipeline.OpenPatientlyAsync(new FeedDeclaration(null, route.Feed, fields)).ConfigureAwait(false);
            lock (_pipeline.Gate)
            {
                route.Inlet = inlet;
                if (!_pipeline.IsStopped && !Take(route, message.AsMessage()))
                    _pipeline.Reject(message.AsMessage(), $"Feed '{route.Feed}' did not get the fields of this message.");
            }
        }
        catch (OperationCanceledException)
        {
            // Ingest stops. The message is not acknowledged, so it comes again.
            return;
        }
        catch (Exception e)
        {
            if (e is not JsonException)
                Log.MessageFailed(_logger, message.Topic, e);
            lock (_pipeline.Gate)
            {
                if (!_pipeline.IsStopped)
                    _pipeline.Reject(message.AsMessage(), $"The message cannot be stored: {e.Message}");
            }
        }

        await _pipeline.RoomAsync().ConfigureAwait(false);
    }

    // One configured subscription with the topics that it has brought.
    private sealed record Source(IngestSubscription Subscription, FeedTemplate Feed)
    {
        private readonly bool _isDatabus = Subscription.Topic.StartsWith(DatabusTopics.Prefix, StringComparison.Ordinal);

        public Dictionary<string, PlainJsonRoute> Routes { get; } = new(StringComparer.Ordinal);

        // A wide filter such as # also brings the databus, which is taken in as what it is.
        public bool IsForeign(string topic) => !_isDatabus && topic.StartsWith(DatabusTopics.Prefix, StringComparison.Ordinal);
    }
}
