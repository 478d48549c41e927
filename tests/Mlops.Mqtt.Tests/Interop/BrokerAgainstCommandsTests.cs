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

    public static TheoryData<string, string> Makes => new() { { "mosquitto", "311" }, { "mosquitto", "5" }, { "paho-c", "311" }, { "paho-c", "5" } };

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
            await PublishAsync(make, publish);
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

    [Theory]
    [MemberData(nameof(Makes))]
    public async Task SharedSubscription_WithOurs_EachMessageGoesToOne(string make, string version)
    {
        await using var broker = await EveryTransport.StartAsync();
        var ours = new Inbox();
        await (await broker.Fixture.ConnectAsync()).SubscribeAsync("$share/workers/jobs/+", MqttQualityOfService.AtLeastOnce, ours.Take);
        using var seen = broker.Fixture.Listen();
        await using var first = Subscriber(broker, make, "tcp", version, "$share/workers/jobs/+", 1);
        await using var second = Subscriber(broker, make, "tcp", version, "$share/workers/jobs/+", 2);
        await Eventually.True(() => seen[MqttInstruments.BrokerSubscriptions] == 3);
        string[] texts = [.. Enumerable.Range(0, 30).Select(i => $"job {i}")];
        for (int i = 0; i < texts.Length; i++)
            await broker.Fixture.Broker.PublishAsync($"jobs/{i}", Encoding.ASCII.GetBytes(texts[i]), MqttQualityOfService.ExactlyOnce);
        await Eventually.True(() => ours.Count + Payloads(first).Length + Payloads(second).Length >= texts.Length);
        (ours.Count, Payloads(first).Length, Payloads(second).Length).ShouldBe((10, 10, 10));
        ours.Texts.Concat(Payloads(first)).Concat(Payloads(second)).Order().ShouldBe(texts.Order());
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public async Task Topic_OfAThousandLevels_PassesBothWays(string make, string version)
    {
        await using var broker = await EveryTransport.StartAsync();
        using var seen = broker.Fixture.Listen();
        string topic = "deep/" + string.Join('/', Enumerable.Range(1, 999));
        foreach (string filter in new[] { topic, "deep/#", "deep/" + string.Join('/', Enumerable.Repeat("+", 999)) })
        {
            await Eventually.True(() => seen[MqttInstruments.BrokerSubscriptions] == 0, "those before are gone");
            var inbox = new Inbox();
            using var local = broker.Fixture.Broker.Subscribe(filter, inbox.Take);
            await using var subscriber = Subscriber(broker, make, "tcp", version, filter, 1);
            await Eventually.True(() => seen[MqttInstruments.BrokerSubscriptions] == 1);
            await PublishAsync(make, [.. To(broker, make, "tcp", version), "-t", topic, "-q", "1", "-m", "job down there"]);
            await Eventually.True(() => inbox.Count == 1 && Payloads(subscriber).Length == 1);
            inbox.Messages[0].Topic.ShouldBe(topic);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task PublishAsync(string make, string[] arguments)
    {
        var (exitCode, lines, errors) = await Child.RunAsync(make == "mosquitto" ? Mosquitto.Publisher : "/usr/bin/paho_cs_pub", arguments);
        exitCode.ShouldBe(0, string.Join('\n', lines) + errors);
    }

    private static Child Subscriber(EveryTransport broker, string make, string scheme, string version, string topic, int quality) => Child.Start(
        make == "mosquitto" ? Mosquitto.Subscriber : "/usr/bin/paho_cs_sub",
        [.. To(broker, make, scheme, version), "-t", topic, "-q", $"{quality}"]);

    /// <summary>Gives what came. With a wildcard in its filter, the command of Paho writes other lines too, and topics before payloads.</summary>
    private static string[] Payloads(Child subscriber) =>
        [.. subscriber.Lines.Where(line => line.Contains("job ")).Select(line => line[line.IndexOf("job ", StringComparison.Ordinal)..])];

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
