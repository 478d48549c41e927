using System.Globalization;
using System.Text.Json;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Brokers;

/// <summary>One broker in a process of its own, and a load process that belongs to it alone.</summary>
internal sealed class MeasuredBroker : IAsyncDisposable
{
    private const int WarmUpConnections = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Peer _broker;
    private readonly Peer _load;
    private readonly bool _tellsAllocations;

    private MeasuredBroker(string name, Peer broker, Peer load, bool tellsAllocations)
    {
        Name = name;
        _broker = broker;
        _load = load;
        _tellsAllocations = tellsAllocations;
    }

    public string Name { get; }

    /// <summary>Gets what our broker has allocated for each message of the last round, in bytes.</summary>
    public double AllocatedPerMessage { get; private set; }

    public static async Task<MeasuredBroker> StartOursAsync(CancellationToken stop) =>
        await WithLoadAsync("Mlops.Mqtt", Peer.StartSelf("broker", "mqtt-broker"), tellsAllocations: true, stop);

    public static async Task<MeasuredBroker> StartAedesAsync(CancellationToken stop)
    {
        string peers = NpmPeers.Find("tests/peers", "aedes");
        return await WithLoadAsync("aedes", Peer.Start("aedes", "node", PythonOfThisMachine.PeerScript("aedes_broker.cjs"), peers), tellsAllocations: false, stop);
    }

    public static async Task<MeasuredBroker> StartMosquittoAsync(CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            (Peer broker, int port) = await MosquittoPeer.StartAsync(folder, stop);
            return await WithLoadAsync("mosquitto", broker, port, tellsAllocations: false, stop);
        }
        finally
        {
            // Its settings are read by the time it answers.
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Lets the load process do one piece of work, and adds what it cost the broker.</summary>
    public async Task<IReadOnlyDictionary<string, double>> RoundAsync(string work, CancellationToken stop)
    {
        double allocated = await AllocatedAsync(stop);
        double processor = _broker.ProcessorSeconds;
        Dictionary<string, double> figures = await AskAsync(work, stop);
        figures["processor per 100,000 messages"] = (_broker.ProcessorSeconds - processor) * 100_000 / figures["messages"];
        AllocatedPerMessage = (await AllocatedAsync(stop) - allocated) / figures["messages"];
        return figures;
    }

    /// <summary>Measures how much memory connections take that do nothing; once for each process, as what they leave behind is used again.</summary>
    public async Task<IReadOnlyDictionary<string, double>> IdleAsync(int connections, CancellationToken stop)
    {
        await AskAsync($"connect {WarmUpConnections}", stop);
        double before = _broker.ResidentMiB;
        await AskAsync($"connect {connections}", stop);
        return new Dictionary<string, double> { ["memory per connection"] = Math.Max(0, _broker.ResidentMiB - before) * 1024 / connections };
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private static async Task<MeasuredBroker> WithLoadAsync(string name, Peer broker, bool tellsAllocations, CancellationToken stop)
    {
        string line = await broker.ReadLineAsync(s_patience, stop);
        return await WithLoadAsync(name, broker, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), tellsAllocations, stop);
    }

    private static async Task<MeasuredBroker> WithLoadAsync(string name, Peer broker, int port, bool tellsAllocations, CancellationToken stop)
    {
        Peer load = Peer.StartSelf("load", "mqtt-load", port.ToString(CultureInfo.InvariantCulture));
        await load.ReadLineAsync(s_patience, stop);
        return new MeasuredBroker(name, broker, load, tellsAllocations);
    }

    private async Task<double> AllocatedAsync(CancellationToken stop)
    {
        if (!_tellsAllocations)
            return 0;
        await _broker.WriteLineAsync("allocated");
        return double.Parse(await _broker.ReadLineAsync(s_patience, stop), CultureInfo.InvariantCulture);
    }

    private async Task<Dictionary<string, double>> AskAsync(string work, CancellationToken stop)
    {
        await _load.WriteLineAsync(work);
        return JsonSerializer.Deserialize<Dictionary<string, double>>(await _load.ReadLineAsync(s_patience, stop))!;
    }
}
