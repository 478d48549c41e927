using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.OpcUa;

/// <summary>Our OPC UA driver beside a client made with node-opcua.</summary>
/// <param name="quick">Whether each case has one short round, to see that everything runs.</param>
internal sealed class OpcUaScenario(bool quick) : IScenario
{
    private static readonly Metric[] Subscribed =
    [
        new("values", "values/s", HigherIsBetter: true), new("processor", "% of a core"), new("processor per 100,000 values", "s"), new("latency p50", "ms"), new("latency p99", "ms"), new("allocated a value", "B"),
    ];

    public string Name => "opcua";

    public string Title => "Values of an OPC UA server";

    public string Method =>
        "A server made with node-opcua changes all its nodes at an interval; the clients take turns and subscribe to all of them with the same sampling and publishing. "
        + "Ours is the driver as a node runs it, in a process of its own with a sink that takes records and keeps none; the baseline is a client of node-opcua that counts the values it is told of. "
        + "Latency: from the time that the server's source gave to the newest value of a message until its record was written (the message was told of), so half a sampling and a publishing interval are in it by design. "
        + "Processor: user and system time of the client's process, per second and per 100,000 values. Allocated: by the whole process of ours, for each value. "
        + "The server and node-opcua's client are one thread each, and a server with 5,000 nodes at 50 ms has more to do than one thread can: what arrives is what it gives. "
        + "Replayed: the same message of 1,000 values again and again, decoded on one core; ours up to finished batches of records, the baseline up to its objects.";

    private int Seconds => quick ? 2 : 5;

    private int Rounds => quick ? 1 : 2;

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string peers = NpmPeers.Find("tests/peers", "node-opcua");
        foreach (var (nodes, interval) in new[] { (1_000, 100), (5_000, 50) })
        {
            await using ValueServer server = await ValueServer.StartAsync(peers, nodes, interval, stop);
            foreach (string policy in new[] { "None", "Basic256Sha256" })
            {
                string work = $"{server.Endpoint} {nodes} {interval} {policy}";
                await comparison.RunAsync(
                    $"{nodes:#,0} nodes at {interval} ms, {(policy == "None" ? "not secured" : "signed and encrypted")}", Rounds, Subscribed,
                    new Contender("Mlops.Drivers.OpcUa", token => ValueClient.MeasureOursAsync(work, Seconds, token)),
                    new Contender("node-opcua", token => ValueClient.MeasureNodeOpcUaAsync(peers, work, Seconds, token)), stop);
            }
        }

        await comparison.RunAsync(
            "replayed message of 1,000 values", Rounds, [new Metric("decoded", "values/s", HigherIsBetter: true), new Metric("allocated a value", "B")],
            new Contender("Mlops.Drivers.OpcUa", token => ReplayAsync(token)),
            new Contender("node-opcua", token => ValueClient.DecodeNodeOpcUaAsync(peers, Replay.MessageFile(), Seconds, token)), stop);
        if (quick)
            comparison.Notes.Add("One short round for each case: the figures only show that everything runs.");
    }

    private Task<IReadOnlyDictionary<string, double>> ReplayAsync(CancellationToken stop) => Task.Run(() => Replay.Run(TimeSpan.FromSeconds(Seconds / 2.0)), stop);
}
