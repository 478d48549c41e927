using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

/// <summary>A broker on a free port, with its log, and clients for it.</summary>
internal sealed class BrokerFixture : IAsyncDisposable
{
    private readonly List<MqttClient> clients = [];

    private BrokerFixture(MqttBrokerOptions options, TimeProvider? time) => Broker = new MqttBroker(options, Log, time);

    public MqttBroker Broker { get; }

    public LogRecorder Log { get; } = new();

    public int Port => Broker.Port;

    public static async Task<BrokerFixture> StartAsync(
        Action<MqttBrokerOptions>? configure = null, Action<MqttBroker>? prepare = null, TimeProvider? time = null)
    {
        var options = new MqttBrokerOptions { Port = 0 };
        configure?.Invoke(options);
        var fixture = new BrokerFixture(options, time);
        prepare?.Invoke(fixture.Broker);
        await fixture.Broker.StartAsync();
        return fixture;
    }

    public MqttClient Client(
        MqttProtocolVersion version = MqttProtocolVersion.V5,
        string? clientId = null,
        bool keepSession = false,
        Action<MqttClientOptions>? configure = null)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = Port,
            ProtocolVersion = version,
            ClientId = clientId,
            CleanStart = !keepSession,
            SessionExpiry = keepSession ? TimeSpan.FromMinutes(5) : TimeSpan.Zero,
        };
        configure?.Invoke(options);
        var client = new MqttClient(options);
        clients.Add(client);
        return client;
    }

    public async Task<MqttClient> ConnectAsync(
        MqttProtocolVersion version = MqttProtocolVersion.V5,
        string? clientId = null,
        bool keepSession = false,
        Action<MqttClientOptions>? configure = null)
    {
        var client = Client(version, clientId, keepSession, configure);
        await client.ConnectAsync();
        return client;
    }

    /// <summary>Listens to the broker's instruments.</summary>
    public Measurements Listen() => new(MqttInstruments.BrokerMeterName, MqttInstruments.PortTag, Port);

    /// <summary>Keeps and holds back whatever clients publish.</summary>
    public IDisposable HoldPublishes(out Inbox held)
    {
        var kept = held = new Inbox();
        return Broker.AddPublishHook((in MqttIncoming message) =>
        {
            kept.Keep(message);
            return MqttPublishDecision.Hold;
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            await client.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
