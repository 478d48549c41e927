using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Ingest.Mapping;
using Mlops.Messaging;
using Mlops.Mqtt;
using Mlops.Store;

namespace Mlops.Ingest.PlainJson;

/// <summary>Takes plain JSON from the topics that mappings name.</summary>
internal sealed class PlainJsonConsumer : IDisposable
{
    private const int MaxTopics = 10_000;
    private readonly IngestPipeline _pipeline;
    private readonly IngestOptions _options;
    private readonly ILogger<PlainJsonConsumer> _logger;
    private readonly PlainJsonDecoder _decoder;
    private readonly RetainedMessages _retained;
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private IMessageBus? _bus;
    private bool _isDisposed;

    public PlainJsonConsumer(IngestPipeline pipeline, IngestInstruments instruments, RetainedMessages retained, IOptions<IngestOptions> options, ILogger<PlainJsonConsumer> logger)
    {
        _retained = retained;
        _pipeline = pipeline;
        _options = options.Value;
        _logger = logger;
        _decoder = new PlainJsonDecoder(instruments);
    }

    /// <summary>Subscribes on a bus, now and whenever a mapping is put in effect.</summary>
    public void Start(IMessageBus bus) => _bus = bus;

    /// <summary>Puts a mapping in effect, in place of the one with the same id.</summary>
    public void Put(JsonMapping mapping)
    {
        var source = new Source(mapping, FeedTemplate.Parse(mapping.Feed));
        lock (_sources)
        {
            if (_isDisposed)
                return;
            Remove(mapping.Id);
            source.Subscription = _bus?.Subscribe(mapping.Topic, (in BusMessage message) => OnMessage(source, message));
            _sources[mapping.Id] = source;
        }
    }

    /// <summary>Takes a mapping out of effect.</summary>
    public void Remove(string id)
    {
        lock (_sources)
        {
            if (_sources.Remove(id, out Source? source))
                source.Subscription?.Dispose();
        }
    }

    /// <summary>Returns who takes the messages of a topic: one for each mapping that wants it.</summary>
    public IReadOnlyList<BusMessageHandler> HandlersOf(string topic)
    {
        lock (_sources)
        {
            return [.. _sources.Values
                .Where(s => MqttTopicFilter.Matches(s.Mapping.Topic, topic) && !s.IsForeign(topic))
                .Select(s => (BusMessageHandler)((in BusMessage message) => OnMessage(s, message)))];
        }
    }

    /// <summary>Returns who takes the messages of a topic by the mapping that dead letters name as their source.</summary>
    public BusMessageHandler? HandlerOf(string source, string topic)
    {
        lock (_sources)
        {
            Source? found = _sources.Values.FirstOrDefault(s => s.Name == source && MqttTopicFilter.Matches(s.Mapping.Topic, topic));
            return found is null ? null : (in BusMessage message) => OnMessage(found, message);
        }
    }

    public void Dispose()
    {
        lock (_sources)
        {
            _isDisposed = true;
            foreach (Source source in _sources.Values)
                source.Subscription?.Dispose();
            _sources.Clear();
        }
    }

    private ValueTask OnMessage(Source source, in BusMessage message)
    {
        lock (_pipeline.Gate)
        {
            if (_pipeline.IsStopped)
                return ValueTask.CompletedTask;
            if (source.IsForeign(message.Topic) || (message.Retained && _retained.IsKnown(source.Mapping.Id, message)))
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
            _pipeline.Reject(message, DeadLetterCause.NoFeed, source.Name, $"The subscription to '{source.Mapping.Topic}' has brought {MaxTopics} topics already. Narrow its filter.");
            return null;
        }

        if (source.Feed.Resolve(message.Topic) is not { } feed)
        {
            _pipeline.Reject(message, DeadLetterCause.NoFeed, source.Name, $"The feed '{source.Mapping.Feed}' of the subscription needs more segments than the topic has.");
            return null;
        }

        route = new PlainJsonRoute(source.Mapping, message.Topic, feed);
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
            _retained.Note(route.Mapping, message);
            _pipeline.Settle(message);
        }
        catch (Exception e)
        {
            route.Inlet?.Entry.Truncate(before);
            if (e is not (JsonException or InvalidOperationException))
                Log.MessageFailed(_logger, message.Topic, e);
            _pipeline.Reject(message, DeadLetterCause.Unreadable, SourceOf(route), $"The message cannot be read: {e.Message}");
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
                    _pipeline.Reject(message.AsMessage(), DeadLetterCause.NotStorable, SourceOf(route), $"Feed '{route.Feed}' did not get the fields of this message.");
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
                    _pipeline.Reject(message.AsMessage(), DeadLetterCause.NotStorable, SourceOf(route), $"The message cannot be stored: {e.Message}");
            }
        }

        await _pipeline.RoomAsync().ConfigureAwait(false);
    }

    private static string SourceOf(PlainJsonRoute route) => $"mapping/{route.Mapping}";

    // One mapping with the topics that it has brought.
    private sealed class Source(JsonMapping mapping, FeedTemplate feed)
    {
        private readonly bool _isDatabus = mapping.Topic.StartsWith(DatabusTopics.Prefix, StringComparison.Ordinal);

        public JsonMapping Mapping { get; } = mapping;

        public string Name { get; } = $"mapping/{mapping.Id}";

        public FeedTemplate Feed { get; } = feed;

        public IDisposable? Subscription { get; set; }

        public Dictionary<string, PlainJsonRoute> Routes { get; } = new(StringComparer.Ordinal);

        // A wide filter such as # also brings the databus, which is taken in as what it is.
        public bool IsForeign(string topic) => !_isDatabus && topic.StartsWith(DatabusTopics.Prefix, StringComparison.Ordinal);
    }
}
