using System.Security.Cryptography;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Interop;

/// <summary>The commands of mosquitto and of Eclipse Paho for C on our broker, over each transport they know.</summary>
public sealed class BrokerAgainstCommandsTests : IDisposable
{
    /// <summary>The qualities of service that the broker grants.</summary>
    private static readonly int[] Qualities = [0, 1, 2];

    private readonly string folder = Directory.CreateTempSubdirectory("commands-").FullName;

    public static TheoryData<string, string, string> Commands
    {
        get
        {
            var commands = new TheoryData<string, string, string>();
            foreach (string version in new[] { "311", "5" })
            {
                // mosquitto's commands know no WebSocket.
                foreach (string scheme in new[] { "tcp", "tls" })
                    commands.Add("mosquitto", scheme, version);
                foreach (string scheme in EveryTransport.Schemes)
                    commands.Add("paho-c", scheme, version);
            }

            return commands;
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task PublishAndSubscribe_TenMegabytesOfEachQuality_ArriveLiveAndRetained(string make, string scheme, string version)
    {
        await using var broker = await EveryTransport.StartAsync();
        string text = Convert.ToBase64String(LineClient.Payload(7_500_000, 1));
        string file = Path.Combine(folder, "payload");
        await File.WriteAllTextAsync(file, text);
        string hash = Hash(text);
        foreach (int quality in Qualities)
        {
            await Eventually.True(() => broker.Fixture.Broker.Counters.ConnectedClients == 0, "those before are gone");
            string topic = $"large/{quality}";
            string? seen = null;
            using var local = broker.Fixture.Broker.Subscribe(topic, (in MqttIncoming message) =>
            {
                seen = $"{(int)message.QualityOfService} {Hash(Encoding.ASCII.GetString(message.Payload))}";
                return ValueTask.CompletedTask;
            });
            await using var live = Subscriber(broker, make, scheme, version, topic, quality);
            await Eventually.True(() => broker.Fixture.Broker.Counters.ConnectedClients == 1);
            string[] publish = [.. To(broker, make, scheme, version), "-t", topic, "-q", $"{quality}", "-r", "-f", file];
            var (exitCode, lines, errors) = await Child.RunAsync(make == "mosquitto" ? Mosquitto.Publisher : "/usr/bin/paho_cs_pub", publish);
            exitCode.ShouldBe(0, string.Join('\n', lines) + errors);
            await Eventually.True(() => seen is not null);
            seen.ShouldBe($"{quality} {hash}");
            await Eventually.True(() => live.Lines.Any(line => line.Length == text.Length), "the live subscriber has it");
            await using var late = Subscriber(broker, make, scheme, version, topic, quality);
            await Eventually.True(() => late.Lines.Any(line => line.Length == text.Length), "the late subscriber has it");
            Hash(live.Lines.Single(line => line.Length == text.Length)).ShouldBe(hash);
            Hash(late.Lines.Single(line => line.Length == text.Length)).ShouldBe(hash);
        }

        broker.Fixture.Log.Warnings.ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Child Subscriber(EveryTransport broker, string make, string scheme, string version, string topic, int quality) => Child.Start(
        make == "mosquitto" ? Mosquitto.Subscriber : "/usr/bin/paho_cs_sub",
        [.. To(broker, make, scheme, version), "-t", topic, "-q", $"{quality}"]);

    private static string[] To(EveryTransport broker, string make, string scheme, string version)
    {
        string[] trust = scheme is "tls" or "wss" ? ["--cafile", broker.Authority] : [];
        string url = scheme switch { "tls" => "ssl", "ws" => "ws", "wss" => "wss", _ => "tcp" } + $"://localhost:{broker.Port(scheme)}{(scheme is "ws" or "wss" ? "/mqtt" : "")}";
        return make == "mosquitto"
            ? ["-h", "localhost", "-p", $"{broker.Port(scheme)}", "-V", version == "5" ? "mqttv5" : "mqttv311", .. trust]
            : ["-c", url, "-V", version, "-i", $"c{Guid.NewGuid():n}"[..20], .. trust];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
