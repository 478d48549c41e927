using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>
/// The bus on a broker outside. The broker keeps our session for a day under a name that follows from the node's, so what we have
/// not acknowledged comes again, even after a restart of ours.
/// </summary>
internal sealed class MqttClientBus : IMqttBus, IAsyncDisposable
{
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromDays(1);
    private readonly MqttOptions _options;
    private readonly ILogger<MqttClientBus> _logger;
    private readonly MqttClient _client;
    private readonly MqttDelivery _delivery;
    private volatile BusState _state = BusState.Stopped;

    public MqttClientBus(IOptions<MqttOptions> options, IOptions<DatabusOptions> databus, IOptions<MlopsOptions> node, TimeProvider time, ILogger<MqttClientBus> logger)
    {
        _options = options.Value;
        _logger = logger;
        _delivery = new MqttDelivery(logger);
        MqttClientOptions client = Connection(_options);
        client.ClientId = "mlops-" + node.Value.Node.Name;
        client.CleanStart = false;
        client.SessionExpiry = SessionExpiry;
        client.ManualAcknowledgement = true;
        client.Will = new MqttWill
        {
            Topic = DatabusTopics.Status(databus.Value.App),
            Payload = "{\"connector\":{\"status\":\"unavailable\"},\"connections\":[]}"u8.ToArray(),
            QualityOfService = MqttQualityOfService.AtLeastOnce,
            Retain = true,
        };
        _client = new MqttClient(client, logger, time);
        _client.StateChanged += OnStateChanged;
    }

    public event Action<BusState>? StateChanged;

    public BusState State => _state;

    public string Host => _options.Host;

    public int Port => _options.Port;

    public MqttBroker? Broker => null;

    public MqttClientOptions? LocalClient() => Connection(_options);

    /// <summary>Begins to connect; completes after the first attempt. A broker that is not there yet does not keep the node from starting.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _client.StartAsync(cancellationToken);

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain = false, CancellationToken cancellationToken = default) =>
        _client.PublishAsync(topic, payload, MqttQualityOfService.AtLeastOnce, retain, cancellationToken);

    public IDisposable Subscribe(string topicFilter, BusMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (!MqttTopicFilter.IsValidFilter(topicFilter))
            throw new ArgumentException($"'{topicFilter}' is not a topic filter. Let + fill a whole level and # stand last.", nameof(topicFilter));

        // Metadata are kept by the broker and so cannot get lost. At QoS 0 they pass by the window of unacknowledged messages, which
        // may be full of values that wait for them.
        MqttQualityOfService quality = topicFilter.StartsWith(DatabusTopics.MetadataPrefix, StringComparison.Ordinal) ? MqttQualityOfService.AtMostOnce : MqttQualityOfService.AtLeastOnce;
        Task<MqttSubscription> subscribed = _client.SubscribeAsync(
            topicFilter, quality, (in MqttIncoming message) => _delivery.IsDraining
                ? ValueTask.CompletedTask
                : _delivery.DeliverAsync(handler, message, _delivery.Hold(message, 1), message.Retain));
        _ = WatchAsync(topicFilter, subscribed);
        return new Subscription(subscribed, _delivery);
    }

    public Task DrainAsync(CancellationToken cancellationToken) => _delivery.DrainAsync(cancellationToken);

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _client.DisconnectAsync(cancellationToken).ConfigureAwait(false);
        Change(BusState.Stopped);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static MqttClientOptions Connection(MqttOptions options) => new()
    {
        Host = options.Host,
        Port = options.Port,
        Tls = options.Tls,
        WebSocket = options.WebSocket,
        ProtocolVersion = options.Protocol,
        UserName = options.UserName.Length > 0 ? options.UserName : null,
        Password = options.Password.Length > 0 ? options.Password : null,
    };

    private void OnStateChanged(MqttStateChange change) => Change(change.State switch
    {
        MqttClientState.Connected => BusState.Connected,
        MqttClientState.Connecting => BusState.Connecting,
        _ => BusState.Disconnected,
    });

    private void Change(BusState state)
    {
        if (_state == state)
            return;
        _state = state;
        Log.BusChanged(_logger, Host, Port, state);
        try
        {
            StateChanged?.Invoke(state);
        }
        catch (Exception e)
        {
            Log.StateListenerFailed(_logger, e);
        }
    }

    private async Task WatchAsync(string filter, Task<MqttSubscription> subscribed)
    {
        try
        {
            await subscribed.ConfigureAwait(false);
        }
        catch (MqttException e)
        {
            Log.SubscriptionRefused(_logger, filter, e);
        }
    }

    private sealed class Subscription(Task<MqttSubscription> subscribed, MqttDelivery delivery) : IDisposable
    {
        // When the node stops, the broker goes on collecting for us.
        public void Dispose() => _ = delivery.IsDraining ? Task.CompletedTask : EndAsync();

        private async Task EndAsync()
        {
            try
            {
                await using MqttSubscription subscription = await subscribed.ConfigureAwait(false);
            }
            catch (MqttException)
            {
                // It was refused, which is logged already.
            }
        }
    }
}
