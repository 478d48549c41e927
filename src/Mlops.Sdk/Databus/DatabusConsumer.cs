using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Messaging;
using Mlops.Mqtt;
using Mlops.Store;

namespace Mlops.Databus;

/// <summary>Takes what apps publish on the Common Databus: values become records, statuses are remembered; metadata go to <see cref="DatabusAnnouncements"/>.</summary>
internal sealed class DatabusConsumer : IDisposable
{
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromSeconds(1);
    private readonly IngestPipeline _pipeline;
    private readonly DatabusApps _apps;
    private readonly MessageTakers _takers;
    private readonly DatabusOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<DatabusConsumer> _logger;
    private readonly DatabusDecoder _decoder;
    private readonly DatabusAnnouncements _announcements;
    private readonly WaitingValues _waiting;
    private readonly Dictionary<string, DatabusRoute> _routes = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _subscriptions = [];
    private ITimer? _expiry;

    public DatabusConsumer(
        IngestPipeline pipeline,
        DatabusApps apps,
        MessageTakers takers,
        IngestInstruments instruments,
        IOptions<IngestOptions> ingest,
        IOptions<DatabusOptions> options,
        MetadataMemory memory,
        TimeProvider time,
        ILogger<DatabusConsumer> logger)
    {
        _pipeline = pipeline;
        _apps = apps;
        _takers = takers;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _decoder = new DatabusDecoder(instruments);
        _waiting = new WaitingValues(_options, time);
        _announcements = new DatabusAnnouncements(pipeline, ingest.Value, _options.MaxColumns, _waiting, memory, Install, Recall, logger);
        instruments.ObserveBuffered(() => _waiting.Count);
    }

    /// <summary>Takes up what apps announced to an earlier run, and subscribes to everything that they publish.</summary>
    public async Task StartAsync(IMessageBus bus)
    {
        _expiry = _time.CreateTimer(_ => Expire(), null, ExpiryInterval, ExpiryInterval);
        await _announcements.StartAsync(bus, OnValue).ConfigureAwait(false);

        // Metadata first: on a bus that hands over retained messages at once, values then find their feeds.
        _subscriptions.Add(bus.Subscribe(DatabusTopics.AllMetadata, OnMetadata));
        _subscriptions.Add(bus.Subscribe(DatabusTopics.AllStatus, OnStatus));
        _subscriptions.Add(bus.Subscribe(DatabusTopics.AllRead, OnValue));
    }

    public void Dispose()
    {
        _expiry?.Dispose();
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
        _subscriptions.Clear();
        _announcements.Dispose();
    }

    /// <summary>Takes a value message.</summary>
    public ValueTask OnValue(in BusMessage message)
    {
        lock (_pipeline.Gate)
        {
            if (_pipeline.IsStopped)
                return ValueTask.CompletedTask;
            if (!_routes.TryGetValue(message.Topic, out DatabusRoute? route))
                Unannounced(message);
            else if (!route.Inlet.IsWindowLoaded || !Take(route, message, waited: null))
                return PrepareAndTakeAsync(route, HeldMessage.From(message));
        }

        return _pipeline.RoomAsync();
    }

    /// <summary>Takes a metadata message. The connection waits until the feeds are declared, so that its values find them.</summary>
    public ValueTask OnMetadata(in BusMessage message)
    {
        ReadOnlySpan<char> app = DatabusTopics.AppOf(message.Topic);
        return IsOwn(app) || message.Payload.IsEmpty ? Settle(message) : _announcements.TakeAsync(app.ToString(), message);
    }

    /// <summary>Takes a status message.</summary>
    public ValueTask OnStatus(in BusMessage message)
    {
        ReadOnlySpan<char> app = DatabusTopics.AppOf(message.Topic);
        if (IsOwn(app) || message.Payload.IsEmpty)
            return Settle(message);
        try
        {
            _apps.Reported(app.ToString(), message.Payload.ToArray());
            return Settle(message);
        }
        catch (JsonException e)
        {
            lock (_pipeline.Gate)
            {
                if (!_pipeline.IsStopped)
                    _pipeline.Reject(message, DeadLetterCause.Unreadable, DatabusTopics.SourceOf(message.Topic), $"The status cannot be read: {e.Message}");
            }

            return _pipeline.RoomAsync();
        }
    }

    /// <summary>Announces again those apps whose collections become wide or long by what is in effect now.</summary>
    public Task ReshapeAsync() => _announcements.ReshapeAsync();

    /// <summary>Returns who takes the messages of a topic; <see langword="null"/> when it is none of the databus.</summary>
    public BusMessageHandler? HandlerOf(string topic)
    {
        if (MqttTopicFilter.Matches(DatabusTopics.AllMetadata, topic))
            return OnMetadata;
        if (MqttTopicFilter.Matches(DatabusTopics.AllStatus, topic))
            return OnStatus;
        lock (_pipeline.Gate)
            return MqttTopicFilter.Matches(DatabusTopics.AllRead, topic) || _routes.ContainsKey(topic) ? OnValue : null;
    }

    private bool IsOwn(ReadOnlySpan<char> app) => app.SequenceEqual(_options.App);

    private ValueTask Settle(in BusMessage message)
    {
        lock (_pipeline.Gate)
        {
            if (!_pipeline.IsStopped)
                _pipeline.Settle(message);
        }

        return ValueTask.CompletedTask;
    }

    private void Unannounced(in BusMessage message)
    {
        if (IsOwn(DatabusTopics.AppOf(message.Topic)))
            _pipeline.Settle(message);
        else
            Wait(message, hash: null);
    }

    private void Wait(in BusMessage message, long? hash)
    {
        if (_waiting.IsGivenUp(message.Topic, hash))
            _pipeline.Reject(message, DeadLetterCause.NoMetadata, DatabusTopics.SourceOf(message.Topic), NoMetadata(hash));
        else if (!_waiting.TryAdd(HeldMessage.From(message), hash))
            _pipeline.Reject(message, DeadLetterCause.WaitingRoomFull, DatabusTopics.SourceOf(message.Topic), $"{NoMetadata(hash)} Too many messages wait for metadata already (Mlops:Databus:MaxBuffered, MaxBufferedBytes).");
    }

    private static string NoMetadata(long? hash) =>
        hash is null ? "No metadata announces this topic." : $"No metadata with hashVersion {hash} announces this topic.";

    // The connection waits meanwhile, so its messages keep their order.
    private async ValueTask PrepareAndTakeAsync(DatabusRoute route, HeldMessage message)
    {
        bool taken = false;
        while (!taken)
        {
            Task loading;
            lock (_pipeline.Gate)
                loading = _pipeline.LoadWindowAsync(route.Inlet);
            await loading.ConfigureAwait(false);
            lock (_pipeline.Gate)
                taken = _pipeline.IsStopped || Take(route, message.AsMessage(), waited: null);
            if (!taken && !await TryAddQualitiesAsync(route).ConfigureAwait(false))
                return;
        }

        await _pipeline.RoomAsync().ConfigureAwait(false);
    }

    // False when ingest stops; then the message is not acknowledged and comes again.
    private async Task<bool> TryAddQualitiesAsync(DatabusRoute route)
    {
        FeedSchema schema = route.Inlet.Schema;
        try
        {
            FeedInlet inlet = await _pipeline.OpenPatientlyAsync(new FeedDeclaration(schema.Origin, schema.Feed, [ValueQualities.Field])).ConfigureAwait(false);
            route.KeepsQualities = ValueQualities.ColumnOf(inlet.Schema) >= 0;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception e)
        {
            // The worst quality of each record is kept all the same.
            route.KeepsQualities = false;
            Log.QualitiesNotKept(_logger, schema.Feed, e);
            return true;
        }
    }

    // Under the gate. Nothing that a message contains may throw out of here. False when the feed must get a column for qualities first.
    private bool Take(DatabusRoute route, in BusMessage message, WaitingValues.Waiting? waited)
    {
        if (route.PublishType == "binarytimeseries")
        {
            TakeBinary(route, message);
            return true;
        }

        int before = route.Inlet.Entry.Count;
        try
        {
            long now = _pipeline.Now;
            DatabusDecodeResult result = _decoder.Decode(route, message.Payload, now, message.Arrival, waited is null && route.KeepsQualities);
            if (result.WantsQualities)
                return false;
            if (result.IsUnknown)
            {
                if (waited is null)
                    Wait(message, result.Hash);
                else
                    _waiting.Add(waited with { Hash = result.Hash });
                return true;
            }

            route.Flow.Newest = now;
            if (result.Rows > 0)
                _pipeline.AcceptEntry(route.Inlet, result.Rows, message.Payload.Length);
            _pipeline.Settle(message);
        }
        catch (Exception e)
        {
            route.Inlet.Entry.Truncate(before);
            if (e is not JsonException)
                Log.DecodingFailed(_logger, message.Topic, e);
            _pipeline.Reject(message, DeadLetterCause.Unreadable, $"databus/{route.App}", $"The message cannot be read: {e.Message}");
        }

        return true;
    }

    // Only the maker of the connector knows how its bytes are laid out; an asset of the kind mqtt-decoder can be told.
    private void TakeBinary(DatabusRoute route, in BusMessage message)
    {
        if (_takers.HandlersOf(message.Topic).Length > 0)
            _pipeline.Settle(message);
        else
            _pipeline.Reject(message, DeadLetterCause.UnknownFormat, $"databus/{route.App}", "Collections with publishType 'binarytimeseries' have no public format. Add an asset of the kind mqtt-decoder for this topic and declare the layout.");
    }

    // Under the gate.
    private void Install(string app, AnnouncedMetadata metadata, List<(AnnouncedCollection Collection, FeedInlet Inlet)> opened)
    {
        var feeds = new List<DatabusSource>();
        foreach ((AnnouncedCollection collection, FeedInlet inlet) in opened)
        {
            var map = new DatabusMap(metadata.Hash, collection.DataPoints, collection.IsLong);
            var taken = TopicsOf(collection).Where(t => TryRoute(app, t.Topic, t.Single, out _)).ToList();
            foreach ((string topic, _) in taken)
            {
                DatabusRoute route = _routes[topic];
                route.Announce(inlet, map, collection.PublishType);
                foreach (WaitingValues.Waiting waiting in _waiting.Take(topic))
                    Take(route, waiting.Message.AsMessage(), waiting);
            }

            if (taken.Any(t => t.Topic == collection.Topic))
                feeds.Add(new DatabusSource(inlet.Schema.Feed, metadata.Hash, collection, _routes[collection.Topic].Flow));
        }

        _apps.Announced(app, metadata.ApplicationName, feeds);
        Log.Announced(_logger, app, opened.Count, metadata.Collections.Sum(c => c.DataPoints.Count));
    }

    // Under the gate. What the feed has no column for any more is explained by newer metadata only.
    private void Recall(string app, AnnouncedMetadata metadata, List<(AnnouncedCollection Collection, FeedInlet Inlet)> opened)
    {
        foreach ((AnnouncedCollection collection, FeedInlet inlet) in opened)
        {
            var map = new DatabusMap(metadata.Hash, collection.DataPoints, collection.IsLong);
            map.Bind(inlet.Schema);
            if (!map.IsComplete)
                continue;
            foreach ((string topic, int single) in TopicsOf(collection))
            {
                if (TryRoute(app, topic, single, out DatabusRoute? route))
                    route.Recall(inlet, map, collection.PublishType);
            }
        }
    }

    // Old connectors publish each data point on a topic of its own.
    private static IEnumerable<(string Topic, int Single)> TopicsOf(AnnouncedCollection collection)
    {
        bool isSingle = collection.PublishType == "single";
        yield return (collection.Topic, isSingle ? 0 : -1);
        for (int i = 0; isSingle && i < collection.DataPoints.Count; i++)
            yield return ($"{collection.Topic}/{collection.DataPoints[i].Name}", i);
    }

    private bool TryRoute(string app, string topic, int single, [NotNullWhen(true)] out DatabusRoute? route)
    {
        // An app that only an earlier run knew has no claim to a topic.
        if (!_routes.TryGetValue(topic, out route) || (route.App != app && !route.IsAnnounced))
            _routes[topic] = route = new DatabusRoute(app, topic);
        if (route.App != app)
        {
            Log.TopicTaken(_logger, topic, app, route.App);
            route = null;
            return false;
        }

        route.Single = single;
        return true;
    }

    private void Expire()
    {
        lock (_pipeline.Gate)
        {
            if (_pipeline.IsStopped)
                return;
            foreach (WaitingValues.Waiting waiting in _waiting.TakeExpired())
                _pipeline.Reject(waiting.Message.AsMessage(), DeadLetterCause.NoMetadata, DatabusTopics.SourceOf(waiting.Message.Topic), $"{NoMetadata(waiting.Hash)} It waited {_options.MetadataTimeout.TotalSeconds:0} s.");
        }
    }
}
