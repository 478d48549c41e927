using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Ingest;
using Mlops.Messaging;

namespace Mlops.Databus;

/// <summary>Takes what apps publish on the Common Databus: values become records, statuses are remembered; metadata go to <see cref="DatabusAnnouncements"/>.</summary>
internal sealed class DatabusConsumer : IDisposable
{
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromSeconds(1);
    private readonly IngestPipeline _pipeline;
    private readonly DatabusApps _apps;
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
        IngestInstruments instruments,
        IOptions<IngestOptions> ingest,
        IOptions<DatabusOptions> options,
        TimeProvider time,
        ILogger<DatabusConsumer> logger)
    {
        _pipeline = pipeline;
        _apps = apps;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _decoder = new DatabusDecoder(instruments);
        _waiting = new WaitingValues(_options, time);
        _announcements = new DatabusAnnouncements(pipeline, ingest.Value, _waiting, Install, logger);
        instruments.ObserveBuffered(() => _waiting.Count);
    }

    /// <summary>Subscribes to everything that apps publish.</summary>
    public void Start(IMessageBus bus)
    {
        _expiry = _time.CreateTimer(_ => Expire(), null, ExpiryInterval, ExpiryInterval);
        _announcements.Start(bus, OnValue);

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
            else if (!route.Inlet.IsWindowLoaded)
                return LoadAndTakeAsync(route, HeldMessage.From(message));
            else
                Take(route, message, waited: null);
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
                    _pipeline.Reject(message, $"The status cannot be read: {e.Message}");
            }

            return _pipeline.RoomAsync();
        }
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
            _pipeline.Reject(message, NoMetadata(hash));
        else if (!_waiting.TryAdd(HeldMessage.From(message), hash))
            _pipeline.Reject(message, $"{NoMetadata(hash)} Too many messages wait for metadata already (Mlops:Databus:MaxBuffered, MaxBufferedBytes).");
    }

    private static string NoMetadata(long? hash) =>
        hash is null ? "No metadata announces this topic." : $"No metadata with hashVersion {hash} announces this topic.";

    private async ValueTask LoadAndTakeAsync(DatabusRoute route, HeldMessage message)
    {
        Task loading;
        lock (_pipeline.Gate)
            loading = _pipeline.LoadWindowAsync(route.Inlet);
        await loading.ConfigureAwait(false);
        lock (_pipeline.Gate)
        {
            if (!_pipeline.IsStopped)
                Take(route, message.AsMessage(), waited: null);
        }

        await _pipeline.RoomAsync().ConfigureAwait(false);
    }

    // Under the gate. Nothing that a message contains may throw out of here.
    private void Take(DatabusRoute route, in BusMessage message, WaitingValues.Waiting? waited)
    {
        if (route.PublishType == "binarytimeseries")
        {
            _pipeline.Reject(message, "Collections with publishType 'binarytimeseries' are not supported, because their format is not public.");
            return;
        }

        int before = route.Inlet.Rows.Count;
        try
        {
            DatabusDecodeResult result = _decoder.Decode(route, message.Payload, _pipeline.Now, message.Arrival);
            if (result.UnknownHash is { } hash)
            {
                if (waited is null)
                    Wait(message, hash);
                else
                    _waiting.Add(waited with { Hash = hash });
                return;
            }

            if (result.Rows > 0)
                _pipeline.Accept(route.Inlet, result.Rows, message.Payload.Length);
            _pipeline.Settle(message);
        }
        catch (Exception e)
        {
            route.Inlet.Rows.Truncate(before);
            if (e is not JsonException)
                Log.DecodingFailed(_logger, message.Topic, e);
            _pipeline.Reject(message, $"The message cannot be read: {e.Message}");
        }
    }

    // Under the gate.
    private void Install(string app, AnnouncedMetadata metadata, List<(AnnouncedCollection Collection, FeedInlet Inlet)> opened)
    {
        foreach ((AnnouncedCollection collection, FeedInlet inlet) in opened)
        {
            if (!_routes.TryGetValue(collection.Topic, out DatabusRoute? route))
            {
                route = new DatabusRoute(app, collection.Topic);
                _routes.Add(collection.Topic, route);
            }
            else if (route.App != app)
            {
                Log.TopicTaken(_logger, collection.Topic, app, route.App);
                continue;
            }

            route.Announce(inlet, new DatabusMap(metadata.Hash, collection.DataPoints), collection.PublishType);
            foreach (WaitingValues.Waiting waiting in _waiting.Take(collection.Topic))
                Take(route, waiting.Message.AsMessage(), waiting);
        }

        _apps.Announced(app, metadata.ApplicationName, [.. opened.Select(o => o.Inlet.Schema.Feed)]);
        Log.Announced(_logger, app, opened.Count, metadata.Collections.Sum(c => c.DataPoints.Count));
    }

    private void Expire()
    {
        lock (_pipeline.Gate)
        {
            if (_pipeline.IsStopped)
                return;
            foreach (WaitingValues.Waiting waiting in _waiting.TakeExpired())
                _pipeline.Reject(waiting.Message.AsMessage(), $"{NoMetadata(waiting.Hash)} It waited {_options.MetadataTimeout.TotalSeconds:0} s.");
        }
    }
}
