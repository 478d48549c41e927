using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>
/// The bus on the embedded broker. A publisher's PUBACK waits until every subscriber in this process has acknowledged; what this
/// process publishes goes straight into the broker.
/// </summary>
internal sealed class MqttBrokerBus : IMqttBus, IAsyncDisposable
{
    private const string Everything = "#";
    private readonly MqttOptions _options;
    private readonly ILogger<MqttBrokerBus> _logger;
    private readonly MqttBroker _broker;
    private readonly BusSubscriptions _subscriptions = new();
    private readonly MqttDelivery _delivery;
    private volatile BusState _state = BusState.Stopped;

    public MqttBrokerBus(IOptions<MqttOptions> options, IOptions<MlopsOptions> node, TimeProvider time, ILogger<MqttBrokerBus> logger)
    {
        _options = options.Value;
        _logger = logger;
        _delivery = new MqttDelivery(logger);
        _broker = new MqttBroker(BrokerOptions(_options, node.Value.FullDataFolder), logger, time);

        // One subscription for all of ours: the broker bounds how many may hold one message back, the bus does not.
        _broker.Subscribe(Everything, OnMessage, manualAcknowledgement: true);
    }

    public event Action<BusState>? StateChanged;

    public BusState State => _state;

    public string Host => IPAddress.Parse(_options.Address) is var address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        ? IPAddress.Loopback.ToString()
        : _options.Address;

    public int Port => _broker.Port;

    public MqttBroker? Broker => _broker;

    public MqttClientOptions? LocalClient() => null;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _broker.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The embedded MQTT broker cannot start. {e.Message} "
                + "Correct the file that is named, stop the program that uses the port, set Mlops:Mqtt:Port to another one (0 takes a free one), or set Mlops:Mqtt:Host to use a broker that runs already.",
                e);
        }

        Log.Listening(_logger, Host, Port);
        Change(BusState.Connected);
    }

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain = false, CancellationToken cancellationToken = default) =>
        _broker.PublishAsync(topic, payload, MqttQualityOfService.AtLeastOnce, retain, cancellationToken);

    public IDisposable Subscribe(string topicFilter, BusMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        // A passing subscription of its own, only for what the broker has kept; the standing one brings everything that comes.
        IDisposable retained = _broker.Subscribe(
            topicFilter,
            (in MqttIncoming message) => message.Retain ? _delivery.DeliverAsync(handler, message, default, retained: true) : ValueTask.CompletedTask);
        BusSubscriptions.Entry entry = _subscriptions.Add(topicFilter, handler);
        retained.Dispose();
        return entry;
    }

    public Task DrainAsync(CancellationToken cancellationToken) => _delivery.DrainAsync(cancellationToken);

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_state == BusState.Stopped)
            return;
        await _broker.StopAsync(cancellationToken).ConfigureAwait(false);
        Change(BusState.Stopped);
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private static MqttBrokerOptions BrokerOptions(MqttOptions options, string dataFolder)
    {
        var broker = new MqttBrokerOptions
        {
            UsersFile = options.UsersFile.Length > 0 ? options.UsersFile : null,
            DataFolder = options.Persistence ? Path.Combine(dataFolder, "mqtt") : null,
            SystemTopicsInterval = options.SystemTopicsInterval,
            PublishWillsOnStop = options.PublishWillsOnStop,
        };
        options.Limits?.ApplyTo(broker);
        broker.Listeners.Add(new MqttListenerOptions
        {
            Address = IPAddress.Parse(options.Address),
            Port = options.Port,
            Anonymous = options.AllowAnonymousFromLoopback ? MqttAnonymousAccess.Loopback : MqttAnonymousAccess.Nobody,
        });
        foreach (MqttListenerSettings listener in options.Listeners)
            broker.Listeners.Add(listener.ToListener());
        if (options.UserName.Length > 0)
            broker.Users[options.UserName] = options.Password;
        foreach ((string name, string password) in options.Users)
            broker.Users[name] = password;
        foreach (MqttAccessRule rule in options.Rules)
            broker.Rules.Add(rule);
        return broker;
    }

    private ValueTask OnMessage(in MqttIncoming message)
    {
        if (_delivery.IsDraining)
            return ValueTask.CompletedTask;
        BusSubscriptions.Entry[] entries = _subscriptions.Match(message.Topic);
        if (entries.Length == 0)
        {
            message.Acknowledgement.Complete();
            return ValueTask.CompletedTask;
        }

        BusAcknowledgement acknowledgement = _delivery.Hold(message, entries.Length);
        if (entries.Length == 1)
            return _delivery.DeliverAsync(entries[0].Handler, message, acknowledgement, retained: false);
        var tasks = new List<Task>();
        foreach (BusSubscriptions.Entry entry in entries)
        {
            ValueTask delivered = _delivery.DeliverAsync(entry.Handler, message, acknowledgement, retained: false);
            if (!delivered.IsCompletedSuccessfully)
                tasks.Add(delivered.AsTask());
        }

        return tasks.Count == 0 ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(tasks));
    }

    private void Change(BusState state)
    {
        _state = state;
        try
        {
            StateChanged?.Invoke(state);
        }
        catch (Exception e)
        {
            Log.StateListenerFailed(_logger, e);
        }
    }
}
