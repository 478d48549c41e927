using System.Globalization;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.WholePath;

internal sealed class WholePathScenario(PythonOfThisMachine python) : IScenario
{
    private const int PerSecond = 500;
    private const int SecondsOfARound = 5;
    private const int InFlight = 512;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly Metric[] s_atRate =
    [
        new("answered", "messages/s", HigherIsBetter: true), new("round trip p50", "ms"), new("round trip p99", "ms"),
        new("processor per 1,000 messages", "s"), new("peak memory", "MiB"),
    ];

    private static readonly Metric[] s_inFlight = [.. s_atRate.Where(m => m.Name != "round trip p99")];

    public string Name => "whole-path";

    public string Title => "From a message to its prediction";

    public string Method =>
        $"A client publishes databus messages of 16 values (QoS 1) and times the answer of each by its number; it is one process for both sides, apart from what is measured. "
        + "Mlops: one node process with default settings: embedded broker, parser, durable store, in-process prediction, MQTT out. "
        + "Baseline: `peers/paho_sklearn_sqlite.py` (paho-mqtt, one INSERT a message with WAL and synchronous=FULL, scikit-learn, paho-mqtt) on mosquitto with `set_tcp_nodelay true`; the figures of both its processes are added. "
        + "Same model, seed, code and interpreter. Both acknowledge a message when its record is durable; the node publishes an answer before that, the script after. "
        + $"Cases: {PerSecond} messages/s for {SecondsOfARound} s a round, and {InFlight} messages under way for {SecondsOfARound} s a round. Peak memory is that since the start, training on the node's side included only where it happens in the node itself.";

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        foreach ((string model, string title) in ((string, string)[])[("logistic", "LogisticRegression"), ("forest", "RandomForest(100)")])
        {
            string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
            try
            {
                await using Side node = await StartNodeAsync(folder, model, stop);
                await using Side service = await StartServiceAsync(folder, model, stop);

                // The forest takes the script longer than 2 ms a message, so at this rate only its queue would be measured.
                if (model == "logistic")
                {
                    await comparison.RunAsync(
                        $"{title}, {PerSecond}/s", 3, s_atRate,
                        new Contender("node", token => node.AtRateAsync(PerSecond, PerSecond * SecondsOfARound, token)),
                        new Contender("Python service", token => service.AtRateAsync(PerSecond, PerSecond * SecondsOfARound, token)), stop);
                }

                await comparison.RunAsync(
                    $"{title}, {InFlight} under way", 3, s_inFlight,
                    new Contender("node", token => node.InFlightAsync(InFlight, TimeSpan.FromSeconds(SecondsOfARound), token)),
                    new Contender("Python service", token => service.InFlightAsync(InFlight, TimeSpan.FromSeconds(SecondsOfARound), token)), stop);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<Side> StartNodeAsync(string folder, string model, CancellationToken stop)
    {
        Peer node = Peer.StartSelf("node", "node", Path.Combine(folder, "data"), model);
        string line = await NextLineAsync(node, stop, node);
        LoadClient load = await LoadClient.ConnectAsync(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), stop);
        await load.PublishAsync(100, stop);
        line = await NextLineAsync(node, stop, node);
        return line == "ready in-process" ? new Side(load, [node]) : throw new InvalidOperationException($"The node said '{line}' instead of 'ready in-process'.");
    }

    private async Task<Side> StartServiceAsync(string folder, string model, CancellationToken stop)
    {
        (Peer broker, int port) = await MosquittoPeer.StartAsync(folder, stop);
        Peer service = Peer.Start(
            "paho_sklearn_sqlite.py", (await python.LocateAsync(stop)).Executable, PythonOfThisMachine.PeerScript("paho_sklearn_sqlite.py"),
            port.ToString(CultureInfo.InvariantCulture), PythonOfThisMachine.Workflow, model, Path.Combine(folder, "peer.db"));
        string line = await NextLineAsync(service, stop, service, broker);
        return line == "ready" ? new Side(await LoadClient.ConnectAsync(port, stop), [service, broker])
            : throw new InvalidOperationException($"The Python service said '{line}' instead of 'ready'.");
    }

    // Who does not come up leaves nothing behind.
    private static async Task<string> NextLineAsync(Peer speaker, CancellationToken stop, params Peer[] started)
    {
        try
        {
            return await speaker.ReadLineAsync(s_patience, stop);
        }
        catch
        {
            foreach (Peer peer in started)
                await peer.DisposeAsync();
            throw;
        }
    }
}
