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
    [InlineData("listeners")]
    [InlineData("broker")]
    [InlineData("client")]
    public void Readme_Example_IsTheCodeThatRuns(string name)
    {
        string[] source = File.ReadAllLines(ThisFile());
        int from = Array.FindIndex(source, line => line.Trim() == $"// <{name}>") + 1;
        int to = Array.FindIndex(source, line => line.Trim() == $"// </{name}>");
        string code = string.Join('\n', source[from..to].Select(line => line.Length > 8 ? line[8..] : line)).Replace("Port = port", "Port = 1883", StringComparison.Ordinal);
        string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../src/Mlops.Mqtt/README.md"));
        readme.ShouldContain(code, Case.Sensitive);
    }

    private static async Task StoreAsync(byte[] payload)
    {
        await Task.Yield();
        payload.ShouldNotBeEmpty();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
