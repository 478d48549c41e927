using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Brokers;

/// <summary>One broker in a process of its own, and a load process that belongs to it alone.</summary>
internal sealed class MeasuredBroker : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Peer _broker;
    private readonly Peer _load;

    private MeasuredBroker(string name, Peer broker, Peer load)
    {
        Name = name;
        _broker = broker;
        _load = load;
    }

    public string Name { get; }

    public static async Task<MeasuredBroker> StartOursAsync(CancellationToken stop) =>
        await WithLoadAsync("Mlops.Mqtt", Peer.StartSelf("broker", "mqtt-broker"), stop);

    public static async Task<MeasuredBroker> StartAedesAsync(CancellationToken stop)
    {
        string peers = NpmPeers();
        return await WithLoadAsync("aedes", Peer.Start("aedes", "node", PythonOfThisMachine.PeerScript("aedes_broker.cjs"), peers), stop);
    }

    public static async Task<MeasuredBroker> StartMosquittoAsync(string folder, CancellationToken stop)
    {
        int port = FreePort();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_inflight_messages 0\nmax_queued_messages 0\npersistence false\nuser {Environment.UserName}\nlog_type error\n", stop);
        Peer broker = Peer.StartServer("mosquitto", File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", "-c", configuration);
        await WaitForAsync(port, stop);
        return await WithLoadAsync("mosquitto", broker, port, stop);
    }

    /// <summary>Lets the load process do one piece of work, and adds what it cost the broker.</summary>
    public async Task<IReadOnlyDictionary<string, double>> RoundAsync(string work, CancellationToken stop)
    {
        double processor = _broker.ProcessorSeconds;
        Dictionary<string, double> figures = await AskAsync(work, stop);
        figures["processor per 100,000 messages"] = (_broker.ProcessorSeconds - processor) * 100_000 / figures["messages"];
        return figures;
    }

    /// <summary>Measures how much memory connections take that do nothing.</summary>
    public async Task<IReadOnlyDictionary<string, double>> IdleAsync(int connections, CancellationToken stop)
    {
        double before = _broker.ResidentMiB;
        await AskAsync($"connect {connections}", stop);
        double after = _broker.ResidentMiB;
        await AskAsync("disconnect", stop);
        return new Dictionary<string, double> { ["memory per connection"] = Math.Max(0, after - before) * 1024 / connections };
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private static async Task<MeasuredBroker> WithLoadAsync(string name, Peer broker, CancellationToken stop)
    {
        string line = await broker.ReadLineAsync(s_patience, stop);
        return await WithLoadAsync(name, broker, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), stop);
    }

    private static async Task<MeasuredBroker> WithLoadAsync(string name, Peer broker, int port, CancellationToken stop)
    {
        Peer load = Peer.StartSelf("load", "mqtt-load", port.ToString(CultureInfo.InvariantCulture));
        await load.ReadLineAsync(s_patience, stop);
        return new MeasuredBroker(name, broker, load);
    }

    private async Task<Dictionary<string, double>> AskAsync(string work, CancellationToken stop)
    {
        await _load.WriteLineAsync(work);
        return JsonSerializer.Deserialize<Dictionary<string, double>>(await _load.ReadLineAsync(s_patience, stop))!;
    }

    private static string NpmPeers()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string peers = Path.Combine(folder.FullName, "tests", "peers");
            if (File.Exists(Path.Combine(peers, "package.json")))
            {
                return Directory.Exists(Path.Combine(peers, "node_modules", "aedes")) ? peers
                    : throw new InvalidOperationException($"aedes is not installed. Run 'npm ci' in {peers}.");
            }
        }

        throw new InvalidOperationException("The folder tests/peers was not found above the program. Run the benchmarks from a checkout.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(int port, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(s_patience);
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }
}
