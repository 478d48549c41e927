using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mlops.Tests.Databus;

/// <summary>A mosquitto broker of the test's own, which keeps its sessions over a restart, and mosquitto's clients.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-mosquitto-").FullName;
    private Process? _process;

    private Mosquitto()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public static async Task<Mosquitto> StartAsync()
    {
        var broker = new Mosquitto();
        await File.WriteAllTextAsync(Path.Combine(broker._folder, "mosquitto.conf"), $"""
            listener {broker.Port} 127.0.0.1
            allow_anonymous true
            set_tcp_nodelay true
            max_queued_messages 0
            persistence true
            persistence_location {broker._folder}/
            log_dest none
            user root
            """);
        await broker.RunAsync();
        return broker;
    }

    public async Task RunAsync()
    {
        _process = Start("/usr/sbin/mosquitto", ["-c", Path.Combine(_folder, "mosquitto.conf")], input: false);
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(20);
            }
        }
    }

    public async Task StopAsync()
    {
        if (_process is null)
            return;
        // SIGTERM: it saves its sessions.
        using (Process kill = Start("/bin/kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], input: false))
            await kill.WaitForExitAsync();
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Publishes one message at QoS 1 and waits for its acknowledgement.</summary>
    public static Task PublishAsync(int port, string topic, string payload, bool retain = false, params string[] more) =>
        PublishLinesAsync(port, topic, [payload.ReplaceLineEndings(" ")], retain, more);

    /// <summary>Publishes a message for each line at QoS 1, over one connection, and waits for the acknowledgements.</summary>
    public static async Task PublishLinesAsync(int port, string topic, IEnumerable<string> payloads, bool retain = false, params string[] more)
    {
        using Process publisher = StartPublisher(port, topic, retain, more);
        foreach (string payload in payloads)
            await publisher.StandardInput.WriteLineAsync(payload);
        publisher.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        await publisher.WaitForExitAsync(deadline.Token);
        publisher.ExitCode.ShouldBe(0, await publisher.StandardError.ReadToEndAsync());
    }

    /// <summary>Publishes one message at QoS 1.</summary>
    /// <returns>What mosquitto_pub exits with: 0 when the message was acknowledged.</returns>
    public static async Task<int> TryPublishAsync(int port, string topic, string payload, params string[] more)
    {
        using Process publisher = StartPublisher(port, topic, retain: false, more);
        await publisher.StandardInput.WriteLineAsync(payload);
        publisher.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        await publisher.WaitForExitAsync(deadline.Token);
        return publisher.ExitCode;
    }

    public static Process StartPublisher(int port, string topic, bool retain = false, params string[] more) =>
        Start("mosquitto_pub", ["-h", "127.0.0.1", "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-q", "1", "-t", topic, "-l", .. retain ? ["-r"] : Array.Empty<string>(), .. more], input: true);

    /// <summary>Subscribes and returns the payload of the first message.</summary>
    public static async Task<string> FirstAsync(int port, string topic, Func<Task>? then = null)
    {
        using Process subscriber = Start("mosquitto_sub", ["-h", "127.0.0.1", "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-t", topic, "-C", "1", "-W", "30"], input: false);
        if (then is not null)
            await then();
        string payload = await subscriber.StandardOutput.ReadToEndAsync();
        await subscriber.WaitForExitAsync();
        return payload.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Start(string program, string[] arguments, bool input)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = input, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
