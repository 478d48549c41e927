using System.Globalization;
using Mlops.Benchmarks.Harness;
using Mlops.Metrics;

namespace Mlops.Benchmarks.WholePath;

internal sealed class WholePathScenario(PythonOfThisMachine python, bool quick) : IScenario
{
    private const int PerSecond = 500;
    private const int SecondsOfARound = 5;
    private const int InFlight = 512;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly Metric[] s_atRate =
    [
        new("answered", "messages/s", HigherIsBetter: true), new("round trip p50", "ms"), new("round trip p99", "ms"),
        new("processor per 1,000 messages", "s"), new("energy per 1,000 messages", "J"), new("peak memory", "MiB"),
    ];

    private static readonly Metric[] s_inFlight = [.. s_atRate.Where(m => m.Name != "round trip p99")];

    public string Name => "whole-path";

    public string Title => "From a message to its prediction";

    public string Method =>
        $"A client publishes databus messages of 16 values (QoS 1) and times the answer of each by its number; it is one process for both sides, apart from what is measured. "
        + "Mlops: one node process with default settings: embedded broker, parser, durable store, prediction in process (by Python, or in ONNX Runtime as converted after the training), MQTT out. "
        + "Baselines, the figures of both processes added, on mosquitto with `set_tcp_nodelay true`: `peers/paho_sklearn_sqlite.py` (paho-mqtt, one INSERT a message with WAL and synchronous=FULL, scikit-learn, paho-mqtt), the same model, seed, code and interpreter; `peers/mqttjs_onnx.cjs` (mqtt.js and ONNX Runtime with one thread and the converted model, nothing stored); "
        + "`peers/node_red_linear.cjs` (a Node-RED flow with a function node that adds weighted numbers, nothing stored). Node and Python service acknowledge a message when its record is durable; the node publishes an answer before that, the script after. "
        + $"Cases: {PerSecond} messages/s for {SecondsOfARound} s a round, and {InFlight} messages under way for {SecondsOfARound} s a round. Energy is estimated as a node does for its runs (method '{Side.Energy.Method}': 'rapl' counts the whole processor package, load and others included; 'tdp-load' is processor time times design power, for a processor whose name is not known "
        + $"{ProcessorPower.UnknownWattsPerProcessor} W a logical one). Peak memory is that since the start, training on the node's side included only where it happens in the node itself.";

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        await WithNodeAsync("logistic", "python", async (node, folder, _) =>
        {
            await using Side service = await StartServiceAsync(folder, "logistic", stop);
            await AtRateAsync(comparison, "LogisticRegression in Python", node, "Python service", service, stop);
            await InFlightAsync(comparison, "LogisticRegression in Python", node, "Python service", service, stop);
        }, stop);
        await WithNodeAsync("forest", "onnx", (node, folder, model) => ForestAsync(
            comparison, "RandomForest(100) in ONNX Runtime", node, folder, "mqtt.js with ONNX Runtime",
            () => StartScriptAsync(folder, "mqttjs_onnx.cjs", stop, Path.Combine(model, "converted", "onnx", "model.onnx")), stop), stop);
        await WithNodeAsync("forest", "python", (node, folder, _) => ForestAsync(
            comparison, "RandomForest(100) in Python", node, folder, "Node-RED with a linear function", () => StartFlowAsync(folder, stop), stop), stop);
        await WithNodeAsync("logistic", "onnx", async (node, folder, _) =>
        {
            await using Side flow = await StartFlowAsync(folder, stop);
            await InFlightAsync(comparison, "LogisticRegression in ONNX Runtime", node, "Node-RED with a linear function", flow, stop);
        }, stop);
    }

    private int Seconds => quick ? 2 : SecondsOfARound;

    private int Rounds => quick ? 1 : 3;

    private static async Task WithNodeAsync(string model, string engine, Func<Side, string, string, Task> work, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            (Side node, string files) = await StartNodeAsync(folder, model, engine, stop);
            await using (node)
                await work(node, folder, files);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The Python service takes longer than 2 ms a message with the forest, so at a rate only its queue would be measured.
    private async Task ForestAsync(Comparison comparison, string title, Side node, string folder, string peer, Func<Task<Side>> start, CancellationToken stop)
    {
        await using (Side other = await start())
        {
            await AtRateAsync(comparison, title, node, peer, other, stop);
            await InFlightAsync(comparison, title, node, peer, other, stop);
        }

        await using Side service = await StartServiceAsync(folder, "forest", stop);
        await InFlightAsync(comparison, title, node, "Python service", service, stop);
    }

    private Task AtRateAsync(Comparison comparison, string title, Side node, string peer, Side other, CancellationToken stop) => comparison.RunAsync(
        $"{title}, {PerSecond}/s, {peer}", Rounds, s_atRate,
        new Contender("node", token => node.AtRateAsync(PerSecond, PerSecond * Seconds, token)),
        new Contender(peer, token => other.AtRateAsync(PerSecond, PerSecond * Seconds, token)), stop);

    private Task InFlightAsync(Comparison comparison, string title, Side node, string peer, Side other, CancellationToken stop) => comparison.RunAsync(
        $"{title}, {InFlight} under way, {peer}", Rounds, s_inFlight,
        new Contender("node", token => node.InFlightAsync(InFlight, TimeSpan.FromSeconds(Seconds), token)),
        new Contender(peer, token => other.InFlightAsync(InFlight, TimeSpan.FromSeconds(Seconds), token)), stop);

    private static async Task<(Side Side, string Model)> StartNodeAsync(string folder, string model, string engine, CancellationToken stop)
    {
        Peer node = Peer.StartSelf("node", "node", Path.Combine(folder, "data"), model, engine);
        string line = await NextLineAsync(node, stop, node);
        LoadClient load = await LoadClient.ConnectAsync(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), stop);
        await load.PublishAsync(100, stop);
        line = await NextLineAsync(node, stop, node);
        string expected = engine == "onnx" ? "ready onnx " : "ready in-process ";
        return line.StartsWith(expected, StringComparison.Ordinal) ? (new Side(load, [node]), line[expected.Length..])
            : throw new InvalidOperationException($"The node said '{line}' instead of '{expected}'.");
    }

    private async Task<Side> StartServiceAsync(string folder, string model, CancellationToken stop)
    {
        (Peer broker, int port) = await MosquittoPeer.StartAsync(folder, stop);
        Peer service = Peer.Start(
            "paho_sklearn_sqlite.py", (await python.LocateAsync(stop)).Executable, PythonOfThisMachine.PeerScript("paho_sklearn_sqlite.py"),
            port.ToString(CultureInfo.InvariantCulture), PythonOfThisMachine.Workflow, model, Path.Combine(folder, "peer.db"));
        return await ReadyAsync(service, broker, port, stop);
    }

    private static async Task<Side> StartScriptAsync(string folder, string script, CancellationToken stop, params string[] arguments)
    {
        string modules = NpmPeers.Find(Path.Combine("benchmarks", "peers"), "mqtt");
        (Peer broker, int port) = await MosquittoPeer.StartAsync(Directory.CreateDirectory(Path.Combine(folder, script)).FullName, stop);
        Peer peer = Peer.Start(script, "node", [PythonOfThisMachine.PeerScript(script), port.ToString(CultureInfo.InvariantCulture), modules, .. arguments]);
        return await ReadyAsync(peer, broker, port, stop);
    }

    private static Task<Side> StartFlowAsync(string folder, CancellationToken stop) =>
        StartScriptAsync(folder, "node_red_linear.cjs", stop, Path.Combine(folder, "node-red"));

    private static async Task<Side> ReadyAsync(Peer service, Peer broker, int port, CancellationToken stop)
    {
        string line = await NextLineAsync(service, stop, service, broker);
        return line == "ready" ? new Side(await LoadClient.ConnectAsync(port, stop), [service, broker])
            : throw new InvalidOperationException($"The peer said '{line}' instead of 'ready'.");
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
