using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Interop;

/// <summary>A broker of ours that is reached by each transport.</summary>
internal sealed class EveryTransport : IAsyncDisposable
{
    private readonly Certificates certificates;

    private EveryTransport(Certificates certificates, BrokerFixture fixture)
    {
        this.certificates = certificates;
        Fixture = fixture;
    }

    public static string[] Schemes { get; } = ["tcp", "tls", "ws", "wss"];

    public BrokerFixture Fixture { get; }

    /// <summary>Gets the file with the authority of the broker's certificate.</summary>
    public string Authority => certificates.AuthorityFile;

    public static async Task<EveryTransport> StartAsync()
    {
        var certificates = new Certificates();
        var fixture = await BrokerFixture.StartAsync(options =>
        {
            foreach (string scheme in Schemes)
            {
                options.Listeners.Add(new MqttListenerOptions
                {
                    Port = 0,
                    Tls = scheme is "tls" or "wss" ? certificates.Server() : null,
                    WebSocket = scheme is "ws" or "wss" ? new MqttWebSocketListenerOptions() : null,
                });
            }
        });
        return new EveryTransport(certificates, fixture);
    }

    public int Port(string scheme) => Fixture.Broker.EndPoints[Array.IndexOf(Schemes, scheme)].Port;

    public Task<LineClient> ConnectAsync(
        string make, string scheme, int version, string clientId, bool keep = false, string? will = null, bool resumes = false)
    {
        string name = scheme switch { "tcp" => "mqtt", "tls" => "mqtts", _ => scheme };
        return LineClient.ConnectAsync(
            make, $"{name}://localhost:{Port(scheme)}{(scheme is "ws" or "wss" ? "/mqtt" : "")}", version, clientId, keep, scheme is "tls" or "wss" ? Authority : null, will, resumes);
    }

    public async ValueTask DisposeAsync()
    {
        await Fixture.DisposeAsync();
        certificates.Dispose();
    }
}
