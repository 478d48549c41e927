using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests;

/// <summary>Runs the code of the README, and checks that the README shows this code.</summary>
public class ReadmeExampleTests
{
    [Fact]
    public async Task Examples_ClientAndBroker_Work()
    {
        int port = Mosquitto.FreePort();
        var written = new StringWriter();
        var Console = written;

        // <broker>
        await using var broker = new MqttBroker(new MqttBrokerOptions { Port = port });
        broker.AddPublishHook((in MqttIncoming message) =>
        {
            var acknowledgement = message.Acknowledgement;
            _ = StoreAsync(message.Payload.ToArray()).ContinueWith(_ => acknowledgement.Complete());
            return MqttPublishDecision.Hold; // the client's PUBACK leaves when it is stored
        });
        broker.Subscribe("alarms/#", (in MqttIncoming message) => { Console.WriteLine(message.Topic); return default; });
        await broker.StartAsync();
        await broker.PublishAsync("plant/status", "online"u8.ToArray(), retain: true);
        // </broker>

        // <client>
        await using var client = new MqttClient(new MqttClientOptions { Host = "localhost", Port = port });
        await client.SubscribeAsync("plant/+/temperature", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            Console.WriteLine($"{message.Topic}: {Encoding.UTF8.GetString(message.Payload)}");
            return default; // an incomplete task would stop reading until it completes
        });
        await client.StartAsync(); // connects, and connects again for as long as it lives
        await client.PublishAsync("plant/4/temperature", "21.5"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        // </client>

        await Eventually.True(() => written.ToString().Contains("plant/4/temperature: 21.5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Examples_Bridge_PassesBothWays()
    {
        int port = Mosquitto.FreePort(), plantPort = Mosquitto.FreePort();
        string file = Path.Combine(Directory.CreateTempSubdirectory("readme-").FullName, "to-plant.db");
        var inbox = new Inbox();

        // <bridge>
        await using var broker = new MqttBroker(new MqttBrokerOptions { Port = port });
        await broker.StartAsync();
        var options = new MqttBridgeOptions { Name = "line-4" };
        options.Remote = new MqttClientOptions { Host = "localhost", Port = plantPort };
        options.Remote.Outbox = new MqttOutboxOptions { File = file }; // messages wait here while the plant is away
        options.Topics.Add(new MqttBridgeTopic { Filter = "values/#", RemotePrefix = "line-4/" });
        options.Topics.Add(new MqttBridgeTopic { Filter = "commands/#", RemotePrefix = "line-4/", Direction = MqttBridgeDirection.In });
        await using var bridge = new MqttBridge(broker, options);
        await bridge.StartAsync();
        // </bridge>

        await broker.PublishAsync("values/t", "21"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        broker.Subscribe("commands/#", inbox.Take);
        await using var plant = new MqttBroker(new MqttBrokerOptions { Port = plantPort });
        plant.Subscribe("line-4/values/#", inbox.Take);
        await plant.StartAsync();
        await Eventually.True(() => inbox.Count == 1 && bridge.RemoteState == MqttClientState.Connected);
        await plant.PublishAsync("line-4/commands/stop", default, MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 2);
        inbox.Messages.Select(message => message.Topic).ShouldBe(["line-4/values/t", "commands/stop"]);
    }

    [Fact]
    public void Examples_Listeners_AreSettingsThatCanBe()
    {
        // <listeners>
        var options = new MqttBrokerOptions { UsersFile = "users" };
        options.Listeners.Add(new MqttListenerOptions { Port = 1883 }); // this machine only
        options.Listeners.Add(new MqttListenerOptions
        {
            Address = IPAddress.IPv6Any, // IPv4 too
            Port = 8883,
            Tls = new MqttListenerTlsOptions { CertificateFile = "broker.pem", KeyFile = "broker.key" },
        });
        options.Listeners.Add(new MqttListenerOptions { Port = 9001, WebSocket = new MqttWebSocketListenerOptions { AllowedOrigins = { "https://plant.example" } } });
        options.Rules.Add(new MqttAccessRule { Topic = "presses/%u/#" });
        options.Rules.Add(new MqttAccessRule { User = "screen", Topic = "presses/#", Rights = MqttAccessRights.Read });
        // </listeners>
        Should.NotThrow(options.Checked);
    }

    [Theory]
    [InlineData("listeners", null)]
    [InlineData("broker", "MqttBroker")]
    [InlineData("client", "MqttClient")]
    [InlineData("bridge", "MqttBridge")]
    public void Readme_Example_IsTheCodeThatRunsAndTheSample(string name, string? sample)
    {
        string[] source = File.ReadAllLines(ThisFile());
        int from = Array.FindIndex(source, line => line.Trim() == $"// <{name}>") + 1;
        int to = Array.FindIndex(source, line => line.Trim() == $"// </{name}>");
        string code = string.Join('\n', source[from..to].Select(line => line.Length > 8 ? line[8..] : line))
            .Replace("Port = port", "Port = 1883", StringComparison.Ordinal)
            .Replace("Port = plantPort", "Port = 1884", StringComparison.Ordinal)
            .Replace("File = file", "File = \"to-plant.db\"", StringComparison.Ordinal);
        string root = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../..");
        File.ReadAllText(Path.Combine(root, "src/Mlops.Mqtt/README.md")).ShouldContain(code, Case.Sensitive);
        if (sample is null)
            return;
        string program = File.ReadAllText(Path.Combine(root, "samples", sample, "Program.cs"));
        program.ShouldContain(code, Case.Sensitive);
        code.Split('\n').Length.ShouldBeLessThanOrEqualTo(10);
    }

    private static async Task StoreAsync(byte[] payload)
    {
        await Task.Yield();
        payload.ShouldNotBeEmpty();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
