using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Messaging;

namespace Mlops.Databus.Publishing;

/// <summary>
/// Our own app on the databus, a good citizen: retained metadata and status, both published again after every reconnection,
/// because the broker may have lost them. The last will (status <c>unavailable</c>) belongs to the bus's connection.
/// </summary>
internal sealed class DatabusApp(IOptions<DatabusOptions> options, IServiceProvider services, TimeProvider time, ILogger<DatabusApp> logger) : IHostedLifecycleService, IDisposable
{
    private readonly IMessageBus? _bus = (IMessageBus?)services.GetService(typeof(IMessageBus));
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, DatabusCollection> _collections = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _announcing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private long _sequence;
    private IDisposable? _requests;

    /// <summary>Gets the bus, or null in a host without one.</summary>
    public IMessageBus? Bus => _bus;

    /// <summary>Gets the name of our app.</summary>
    public string App => options.Value.App;

    /// <summary>Gets the hash of the definitions announced last.</summary>
    public uint HashVersion { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_bus is null)
            return;
        _bus.StateChanged += OnStateChanged;
        _requests = _bus.Subscribe(DatabusTopics.UpdateRequest, OnUpdateRequest);
        if (_bus.State == BusState.Connected)
            await AnnounceAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Says goodbye while the bus is still there: it stops before everything that uses it.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_bus is null)
            return;
        _bus.StateChanged -= OnStateChanged;
        _requests?.Dispose();
        if (_bus.State == BusState.Connected)
            await TryAsync(() => PublishStatusAsync("unavailable", cancellationToken)).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds a collection, or changes its data points, and announces it.</summary>
    public async Task<DatabusCollection> AddAsync(string connection, string name, IReadOnlyList<FeedField> fields, IReadOnlyList<FeedField> writable, CancellationToken cancellationToken)
    {
        var collection = new DatabusCollection(
            connection, name, DatabusTopics.Read(App, connection, name), DatabusTopics.Write(App, connection, name), fields, writable);
        lock (_gate)
            _collections[collection.Topic] = collection;
        await TryAsync(() => AnnounceAsync(cancellationToken)).ConfigureAwait(false);
        return collection;
    }

    /// <summary>Takes a collection out of our metadata.</summary>
    public async Task RemoveAsync(DatabusCollection collection, CancellationToken cancellationToken)
    {
        lock (_gate)
            _collections.Remove(collection.Topic);
        await TryAsync(() => AnnounceAsync(cancellationToken)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _announcing.Dispose();
        _stop.Dispose();
    }

    // Others ask for what they have missed: everything, or a path that begins with our name.
    private ValueTask OnUpdateRequest(in BusMessage message)
    {
        try
        {
            var reader = new Utf8JsonReader(message.Payload);
            using var document = JsonDocument.ParseValue(ref reader);
            string path = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Path"u8, out JsonElement given) ? given.ToString() : "";
            if (path.Length == 0 || path == App || path.StartsWith(App + "/", StringComparison.Ordinal))
                _ = Task.Run(() => TryAsync(() => AnnounceAsync(_stop.Token)));
        }
        catch (JsonException)
        {
            // Nobody can tell what was meant.
        }

        message.Acknowledgement.Complete();
        return ValueTask.CompletedTask;
    }

    private void OnStateChanged(BusState state)
    {
        if (state == BusState.Connected)
            _ = Task.Run(() => TryAsync(() => AnnounceAsync(_stop.Token)));
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        if (_bus is null)
            return;
        await _announcing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            byte[] payload;
            lock (_gate)
                (payload, HashVersion) = DatabusMetadataWriter.Write(App, ++_sequence, DatabusTopics.Status(App), _collections.Values);
            if (_bus.State != BusState.Connected)
                return; // The next connection announces.
            await _bus.PublishAsync(DatabusTopics.Metadata(App), payload, retain: true, cancellationToken).ConfigureAwait(false);
            await PublishStatusAsync("available", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _announcing.Release();
        }
    }

    private async Task PublishStatusAsync(string status, CancellationToken cancellationToken)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", Interlocked.Increment(ref _sequence));
            json.WriteString("ts", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteStartObject("connector");
            json.WriteString("status", status);
            json.WriteEndObject();
            json.WriteStartArray("connections");
            string[] connections;
            lock (_gate)
                connections = [.. _collections.Values.Select(c => c.Connection).Distinct(StringComparer.Ordinal)];
            foreach (string connection in connections)
            {
                json.WriteStartObject();
                json.WriteString("name", connection);
                json.WriteString("status", status == "available" ? "good" : "stopped");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await _bus!.PublishAsync(DatabusTopics.Status(App), buffer.WrittenMemory, retain: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task TryAsync(Func<Task> announce)
    {
        try
        {
            await announce().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The broker went away in between: the next connection announces again.
            if (!_stop.IsCancellationRequested)
                Log.AnnouncementFailed(logger, App, e);
        }
    }
}
