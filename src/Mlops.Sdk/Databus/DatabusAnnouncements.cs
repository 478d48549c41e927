using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Ingest.Assembly;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Databus;

/// <summary>Takes metadata: declares a feed for each collection and then lets its values in. One announcement at a time.</summary>
/// <param name="pipeline">Where the feeds are opened.</param>
/// <param name="options">How many fields a feed may have.</param>
/// <param name="maxColumns">How many data points may have a column each.</param>
/// <param name="waiting">Values that came too early.</param>
/// <param name="memory">What was announced to earlier runs.</param>
/// <param name="install">Lets the values of an app in; called under the gate.</param>
/// <param name="recall">Lets those values in that name a version which an earlier run knew; called under the gate.</param>
/// <param name="logger">Gets what went wrong.</param>
internal sealed class DatabusAnnouncements(
    IngestPipeline pipeline,
    IngestOptions options,
    int maxColumns,
    WaitingValues waiting,
    MetadataMemory memory,
    Action<string, AnnouncedMetadata, List<(AnnouncedCollection Collection, FeedInlet Inlet)>> install,
    Action<string, AnnouncedMetadata, List<(AnnouncedCollection Collection, FeedInlet Inlet)>> recall,
    ILogger logger) : IDisposable
{
    private const int MaxDeclaredAtOnce = 64;
    private readonly Dictionary<string, byte[]> _digests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnnouncedMetadata> _announced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IDisposable> _ownTopics = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private IMessageBus? _bus;
    private BusMessageHandler? _onValue;

    /// <summary>Takes up what apps announced to earlier runs.</summary>
    public async Task StartAsync(IMessageBus bus, BusMessageHandler onValue)
    {
        (_bus, _onValue) = (bus, onValue);
        IReadOnlyDictionary<FeedOrigin, string> feeds = pipeline.AnnouncedFeeds();
        foreach ((string app, byte[] payload) in memory.Load())
        {
            if (Recalled(app, payload) is not { } metadata)
                continue;
            var opened = new List<(AnnouncedCollection Collection, FeedInlet Inlet)>();
            foreach (AnnouncedCollection collection in metadata.Collections.Where(c => c.DataPoints.Count > 0 && c.PublishType != "binarytimeseries"))
            {
                // Not declared again: since then the feed may have got other names and types.
                var origin = new FeedOrigin(app, collection.Connection, collection.Name);
                if (feeds.TryGetValue(origin, out string? feed))
                    opened.Add((collection, await pipeline.OpenAsync(new FeedDeclaration(origin, feed, [])).ConfigureAwait(false)));
            }

            lock (pipeline.Gate)
                recall(app, metadata, opened);
            SubscribeToOwnTopics(opened.Select(o => o.Collection.Topic));
        }
    }

    public ValueTask TakeAsync(string app, in BusMessage message)
    {
        byte[] digest = SHA256.HashData(message.Payload);
        lock (pipeline.Gate)
        {
            if (pipeline.IsStopped)
                return ValueTask.CompletedTask;

            // The broker hands retained metadata over after each reconnection.
            if (_digests.TryGetValue(app, out byte[]? known) && known.AsSpan().SequenceEqual(digest))
            {
                pipeline.Settle(message);
                return ValueTask.CompletedTask;
            }
        }

        return new ValueTask(AnnounceAsync(app, digest, HeldMessage.From(message)));
    }

    public void Dispose()
    {
        foreach (IDisposable subscription in _ownTopics.Values)
            subscription.Dispose();
        _ownTopics.Clear();
    }

    /// <summary>Announces again those apps whose collections become wide or long by what is in effect now.</summary>
    public async Task ReshapeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            KeyValuePair<string, AnnouncedMetadata>[] all;
            lock (pipeline.Gate)
                all = [.. _announced];
            foreach ((string app, AnnouncedMetadata metadata) in all.Where(a => a.Value.Collections.Any(c => IsLong(a.Key, c) != c.IsLong)))
                await AnnounceAsync(app, null, null, metadata).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Ingest stops; the next start announces by what is in effect then.
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task AnnounceAsync(string app, byte[] digest, HeldMessage message)
    {
        try
        {
            AnnouncedMetadata metadata = AnnouncedMetadataReader.Read(message.Payload, options.MaxFields);
            await _turn.WaitAsync().ConfigureAwait(false);
            try
            {
                await AnnounceAsync(app, digest, message, metadata).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Ingest stops. The message is not acknowledged, so the broker keeps it for the next start.
            return;
        }
        catch (Exception e)
        {
            if (e is not JsonException)
                Log.MetadataFailed(logger, app, e);
            lock (pipeline.Gate)
            {
                if (!pipeline.IsStopped)
                    pipeline.Reject(message.AsMessage(), DeadLetterCause.BadMetadata, DatabusTopics.SourceOf(message.Topic), $"The metadata cannot be used: {e.Message}");
            }
        }

        await pipeline.RoomAsync().ConfigureAwait(false);
    }

    // Without a message when what was announced before takes another shape.
    private async Task AnnounceAsync(string app, byte[]? digest, HeldMessage? message, AnnouncedMetadata metadata)
    {
        metadata = Shaped(app, metadata);
        if (message is not null && metadata.Hash is { } hash)
            await pipeline.PatientlyAsync(stop => memory.KeepAsync(app, hash, message.Payload, stop)).ConfigureAwait(false);
        var opened = new List<(AnnouncedCollection Collection, FeedInlet Inlet)>();
        var failures = new List<string>();
        foreach (AnnouncedCollection[] some in metadata.Collections.Where(c => c.DataPoints.Count > 0).Chunk(MaxDeclaredAtOnce))
        {
            foreach ((AnnouncedCollection collection, FeedInlet? inlet, string? failure) in await Task.WhenAll(some.Select(c => OpenAsync(app, c))).ConfigureAwait(false))
            {
                if (inlet is not null)
                    opened.Add((collection, inlet));
                else
                    failures.Add(failure!);
            }
        }

        while (!TryInstall(app, digest, message, metadata, opened, failures, out Task windows))
            await windows.ConfigureAwait(false);
        SubscribeToOwnTopics(opened.Select(o => o.Collection.Topic));
    }

    private async Task<(AnnouncedCollection Collection, FeedInlet? Inlet, string? Failure)> OpenAsync(string app, AnnouncedCollection collection)
    {
        List<FeedField> fields = collection.IsLong
            ? LongFeed.Fields(collection.DataPoints.Select(d => DatabusTypes.FieldTypeOf(d.DataType, d.IsArray)))
            : [.. collection.DataPoints.Select(d => new FeedField(d.Name, DatabusTypes.FieldTypeOf(d.DataType, d.IsArray)) { Id = d.Id, SourceType = d.IsArray ? d.DataType + "[]" : d.DataType })];
        try
        {
            var origin = new FeedOrigin(app, collection.Connection, collection.Name);
            return (collection, await pipeline.OpenPatientlyAsync(new FeedDeclaration(origin, null, fields)).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.MetadataFailed(logger, app, e);
            return (collection, null, $"Collection '{collection.Name}' of connection '{collection.Connection}' cannot become a feed: {e.Message}");
        }
    }

    // False when the values that wait need the windows first, by which those that are stored already are recognised.
    private bool TryInstall(
        string app, byte[]? digest, HeldMessage? message, AnnouncedMetadata metadata, List<(AnnouncedCollection Collection, FeedInlet Inlet)> opened, List<string> failures, out Task windows)
    {
        lock (pipeline.Gate)
        {
            windows = Task.WhenAll(opened
                .Where(o => waiting.Has(o.Collection.Topic) && !o.Inlet.IsWindowLoaded)
                .Select(o => pipeline.LoadWindowAsync(o.Inlet)));
            if (!windows.IsCompleted)
                return false;
            if (pipeline.IsStopped)
                return true;
            install(app, metadata, opened);
            _announced[app] = metadata;
            if (message is null || digest is null)
                return true;
            if (failures.Count > 0)
            {
                pipeline.Reject(message.AsMessage(), DeadLetterCause.BadMetadata, DatabusTopics.SourceOf(message.Topic), string.Join(" ", failures));
                return true;
            }

            _digests[app] = digest;
            pipeline.Settle(message.AsMessage());
            return true;
        }
    }

    private AnnouncedMetadata? Recalled(string app, byte[] payload)
    {
        try
        {
            return Shaped(app, AnnouncedMetadataReader.Read(payload, int.MaxValue));
        }
        catch (JsonException e)
        {
            // It was read when it came, so the database is damaged there; the app announces itself again.
            Log.MetadataFailed(logger, app, e);
            return null;
        }
    }

    private AnnouncedMetadata Shaped(string app, AnnouncedMetadata metadata) =>
        metadata with { Collections = [.. metadata.Collections.Select(c => c with { IsLong = IsLong(app, c) })] };

    private bool IsLong(string app, AnnouncedCollection collection)
    {
        FeedShape shape = pipeline.Assemblies.HasShapes
            ? pipeline.Assemblies.For(pipeline.FeedOf(new FeedOrigin(app, collection.Connection, collection.Name))).Shape
            : FeedShape.Auto;
        return shape == FeedShape.Long || (shape == FeedShape.Auto && collection.DataPoints.Count > maxColumns);
    }

    // Metadata may name any topic; the standing subscription covers those that follow the rules.
    private void SubscribeToOwnTopics(IEnumerable<string> topics)
    {
        foreach (string topic in topics)
        {
            if (!DatabusTopics.IsStandardRead(topic) && !_ownTopics.ContainsKey(topic))
                _ownTopics.Add(topic, _bus!.Subscribe(topic, _onValue!));
        }
    }
}
