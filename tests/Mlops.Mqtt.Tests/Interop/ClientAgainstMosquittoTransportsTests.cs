using System.Security.Cryptography;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Interop;

/// <summary>Our client on mosquitto, over each transport.</summary>
public class ClientAgainstMosquittoTransportsTests
{
    public static TheoryData<string, MqttProtocolVersion> Transports
    {
        get
        {
            var transports = new TheoryData<string, MqttProtocolVersion>();
            foreach (string scheme in EveryTransport.Schemes)
            {
                transports.Add(scheme, MqttProtocolVersion.V311);
                transports.Add(scheme, MqttProtocolVersion.V5);
            }

            return transports;
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Messages_OfEachQualityAndLarge_ComeBack(string scheme, MqttProtocolVersion version)
    {
        using var certificates = new Certificates();
        bool tls = scheme is "tls" or "wss", webSocket = scheme is "ws" or "wss";
        int port = Mosquitto.FreePort();
        var (certificate, key) = certificates.Issue("mosquitto");
        await using var mosquitto = await Mosquitto.StartAsync(
            more: $"listener {port} 127.0.0.1\n" + (tls ? $"cafile {certificates.AuthorityFile}\ncertfile {certificate}\nkeyfile {key}\n" : "") + (webSocket ? "protocol websockets\n" : ""));
        // Its listeners for WebSockets open a little later than the others.
        await Eventually.True(() => Mosquitto.Answers(port));
        var arrived = new System.Collections.Concurrent.ConcurrentQueue<(MqttQualityOfService Quality, string Hash)>();
        await using var client = new MqttClient(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ProtocolVersion = version,
            Tls = tls ? new MqttClientTlsOptions { AuthorityFile = certificates.AuthorityFile } : null,
            WebSocket = webSocket ? new MqttClientWebSocketOptions() : null,
        });
        await client.ConnectAsync();
        await client.SubscribeAsync("large", MqttQualityOfService.ExactlyOnce, (in MqttIncoming message) =>
        {
            arrived.Enqueue((message.QualityOfService, Convert.ToHexString(SHA256.HashData(message.Payload))));
            return default;
        });
        // Ten megabytes take mosquitto's WebSocket listener more than half a minute, whoever sends them; mqtt.js sees no PUBACK then either.
        byte[] payload = LineClient.Payload(webSocket ? 50_000 : 10_000_000, 5);
        string hash = Convert.ToHexString(SHA256.HashData(payload));
        foreach (var quality in Enum.GetValues<MqttQualityOfService>())
            await Eventually.Within(client.PublishAsync("large", payload, quality).AsTask());
        await Eventually.True(() => arrived.Count == 3);
        arrived.ShouldBe(Enum.GetValues<MqttQualityOfService>().Select(quality => (quality, hash)));
    }
}
