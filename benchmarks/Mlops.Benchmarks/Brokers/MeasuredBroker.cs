using System.Globalization;
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
        string peers = NpmPeers.Find("tests/peers", "aedes");
        return await WithLoadAsync("aedes", Peer.Start("aedes", "node", PythonOfThisMachine.PeerScript("aedes_broker.cjs"), peers), stop);
    }

    public static async Task<MeasuredBroker> StartMosquittoAsync(string folder, CancellationToken stop)
    {
        (Peer broker, int port) = await MosquittoPeer.StartAsync(folder, stop);
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
}
