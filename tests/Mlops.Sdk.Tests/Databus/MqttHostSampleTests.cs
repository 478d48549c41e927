using System.Diagnostics;
using System.Net.Sockets;
using Mlops.Mqtt;
using Mlops.Tests.Ingest;

namespace Mlops.Tests.Databus;

/// <summary>The sample of a broker in a process of its own, as a user starts it.</summary>
public sealed class MqttHostSampleTests : IDisposable
{
    private readonly string _folder = BrokerNode.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_KilledAndStartedAgain_KeepsWhatIsRetainedAndObeysItsLimits()
    {
        int port = FreePort();
        for (int run = 0; run < 2; run++)
        {
            using Process host = Run($"--Mlops:Mqtt:Port={port}", "--Mlops:Mqtt:Limits:MaxPacketSize=2 KB");
            try
            {
                await IngestNode.UntilAsync(() => host.HasExited || Answers(port), "the host does not listen");
                host.HasExited.ShouldBeFalse();
                await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port });
                (await client.ConnectAsync()).MaximumPacketSize.ShouldBe(2048);
                if (run == 0)
                {
                    await client.PublishAsync("kept", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
                    continue;
                }

                await using IAsyncEnumerator<MqttMessage> kept = client.ReadAsync("kept", capacity: 1).GetAsyncEnumerator();
                (await kept.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2))).ShouldBeTrue();
                kept.Current.Payload.ToArray().ShouldBe("x"u8.ToArray());
            }
            finally
            {
                host.Kill();
                await host.WaitForExitAsync();
            }
        }
    }

    [Fact]
    public async Task Start_LimitThatCannotBe_NamesItAndEnds()
    {
        using Process host = Run("--Mlops:Mqtt:Limits:MaxConnections=0");
        Task<string> output = host.StandardOutput.ReadToEndAsync();
        string error = await host.StandardError.ReadToEndAsync();
        await host.WaitForExitAsync();
        await output;
        host.ExitCode.ShouldBe(1);
        error.ShouldContain("Mlops:Mqtt:Limits:MaxConnections is '0': set more than zero");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Process Run(params string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "MqttHost.dll"), "--Mlops:DataFolder=" + _folder, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
