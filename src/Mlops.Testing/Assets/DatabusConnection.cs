using Mlops.Mqtt;

namespace Mlops.Testing.Assets;

/// <summary>
/// Speaks for one asset on the databus: announces it, again after each reconnect, and publishes bulk messages with QoS 1,
/// a bounded number of them unacknowledged at a time. One caller at a time.
/// </summary>
internal sealed class DatabusConnection : IAsyncDisposable
{
    private readonly AssetOptions _options;
    private readonly Announcement _announcement;
    private readonly TimeProvider _time;
    private readonly MqttClient _client;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A ring of buffers: the next one is free once its message of the round before is acknowledged, and PUBACKs come in order.
    private readonly BulkMessage?[] _messages;
    private int _next;
    private Exception? _lastError;
    private long _recordsAcknowledged;
    private long _labelsAcknowledged;
    private long _records;
    private long _labels;

    public DatabusConnection(AssetOptions options, Announcement announcement, TimeProvider time)
    {
        _options = options;
        _announcement = announcement;
        _time = time;
        _messages = new BulkMessage[options.MaxOutstanding];
        _client = new MqttClient(new MqttClientOptions
        {
            Host = options.Host,
            Port = options.Port,
            ClientId = options.ClientId,
            UserName = options.UserName,
            Password = options.Password,
            MaxPendingPublishes = options.MaxOutstanding + 16,
            Will = new MqttWill
            {
                Topic = announcement.StatusTopic,
                Payload = announcement.Status(available: false),
                QualityOfService = MqttQualityOfService.AtLeastOnce,
                Retain = true,
            },
        });
        _client.StateChanged += OnStateChanged;
    }

    public AssetCounts Counts => new(
        Volatile.Read(ref _records), Volatile.Read(ref _recordsAcknowledged), Volatile.Read(ref _labels), Volatile.Read(ref _labelsAcknowledged));

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _client.StartAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _connected.Task.WaitAsync(_options.ConnectTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"Asset '{_options.App}' could not connect to mqtt://{_options.Host}:{_options.Port} within {_options.ConnectTimeout.TotalSeconds:0.#} s: "
                + $"{_lastError?.Message ?? "no answer"} Start the broker there, or correct {nameof(AssetOptions.Host)} and {nameof(AssetOptions.Port)}.",
                _lastError);
        }

        await AnnounceAsync(available: true).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a free buffer and begins a message in it.</summary>
    public async ValueTask<BulkMessage> BeginAsync(long sequence, DateTime utc, CancellationToken cancellationToken)
    {
        var message = await FreeAsync(cancellationToken).ConfigureAwait(false);
        message.Begin(sequence, _announcement.HashVersion, utc);
        return message;
    }

    /// <summary>Waits for a free buffer and begins a message of several records in it.</summary>
    public async ValueTask<BulkMessage> BeginSeriesAsync(long sequence, CancellationToken cancellationToken)
    {
        var message = await FreeAsync(cancellationToken).ConfigureAwait(false);
        message.BeginSeries(sequence, _announcement.HashVersion);
        return message;
    }

    private async ValueTask<BulkMessage> FreeAsync(CancellationToken cancellationToken)
    {
        var message = _messages[_next] ??= new BulkMessage();
        if (!message.Sent.IsCompletedSuccessfully)
            await message.Sent.WaitAsync(cancellationToken).ConfigureAwait(false);
        _next = (_next + 1) % _messages.Length;
        return message;
    }

    /// <summary>Sends a message with so many records.</summary>
    public void SendRecords(string collection, BulkMessage message, int records = 1)
    {
        Interlocked.Add(ref _records, records);
        message.Sent = SendAsync(_announcement.ReadTopic(collection), message, records, label: false);
    }

    public void SendLabel(BulkMessage message)
    {
        Interlocked.Increment(ref _labels);
        message.Sent = SendAsync(_announcement.ReadTopic(_options.LabelCollection), message, 1, label: true);
    }

    /// <summary>Waits until everything that was sent is acknowledged.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_messages.Select(message => message?.Sent ?? Task.CompletedTask)).WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.StateChanged -= OnStateChanged;
        // The last will is only for the unexpected: who leaves in good order says so.
        if (_client.State == MqttClientState.Connected)
        {
            try
            {
                await PublishStatusAsync(available: false).WaitAsync(TimeSpan.FromSeconds(2), _time).ConfigureAwait(false);
            }
            catch (Exception e) when (e is MqttException or TimeoutException)
            {
                // The broker went away at this very moment: its last will says the same.
            }
        }

        await _client.DisposeAsync().ConfigureAwait(false);
        foreach (var message in _messages)
            message?.Dispose();
    }

    private async Task SendAsync(string topic, BulkMessage message, int count, bool label)
    {
        await _client.PublishAsync(topic, message.End(), MqttQualityOfService.AtLeastOnce).ConfigureAwait(false);
        Interlocked.Add(ref label ? ref _labelsAcknowledged : ref _recordsAcknowledged, count);
    }

    // A broker may have lost what it retained, so everything is announced again with each connection after the first.
    private void OnStateChanged(MqttStateChange change)
    {
        _lastError = change.Error ?? _lastError;
        if (change.State == MqttClientState.Connected && !_connected.TrySetResult())
            _ = AnnounceAsync(available: true).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
    }

    private async Task AnnounceAsync(bool available)
    {
        await _client.PublishAsync(_announcement.MetadataTopic, _announcement.Metadata(), MqttQualityOfService.AtLeastOnce, retain: true).ConfigureAwait(false);
        await PublishStatusAsync(available).ConfigureAwait(false);
    }

    private Task PublishStatusAsync(bool available) =>
        _client.PublishAsync(_announcement.StatusTopic, _announcement.Status(available), MqttQualityOfService.AtLeastOnce, retain: true).AsTask();
}
