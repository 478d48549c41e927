using System.Globalization;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Ingest;

/// <summary>From a message to a durable record, beside what one would build by hand or click together.</summary>
/// <param name="python">The interpreter of the Python service.</param>
/// <param name="quick">Whether each case has one short round, to see that everything runs.</param>
internal sealed class IngestScenario(PythonOfThisMachine python, bool quick) : IScenario
{
    private const int Flood = 8192;
    private const int Few = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly Metric[] s_metrics = [new("committed", "messages/s", HigherIsBetter: true), new("processor per 100,000 messages", "s"), new("peak memory", "MiB")];
    private static readonly Metric[] s_disk = [new("on disk per value", "bytes")];

    public string Name => "ingest";

    public string Title => "From a message to a durable record";

    public string Method =>
        "A load process publishes databus messages of 16 random values, about 1 kB, at QoS 1, and has so many under way until each is known to be on the disk; messages committed a second, 16 values each. "
        + "Mlops: one process with default settings, embedded broker, parser and store; a PUBACK says that the record is durable. "
        + "Baselines, on mosquitto without bounds on its queues, the figures of both processes added: `peers/paho_sqlite.py` (paho-mqtt, sqlite3), and `peers/node_red_sqlite.cjs` (a Node-RED flow with a function node and libsql's SQLite). "
        + "Both put whatever has come into one transaction (WAL, synchronous=FULL) and publish after it how many rows are on the disk, on which the load process waits as it waits on our PUBACK; their own PUBACK comes before that, so unlike Mlops they lose at a crash what the broker was told is taken. "
        + "They keep no quality, no time of arrival, no duplicates apart and no order over a restart. Load and sides share the machine's cores; each process shares two heaps of the C library between its threads (`MALLOC_ARENA_MAX=2`). "
        + "Bytes on disk: after a graceful stop, Parquet files against the SQLite file, for values that cannot be compressed; number, times, quality and position of each record included.";

    private int Seconds => quick ? 2 : 6;

    private int Rounds => quick ? 1 : 3;

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            await CompareAsync(comparison, folder, StartPythonAsync, stop);
            await CompareAsync(comparison, folder, StartNodeRedAsync, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        if (quick)
            comparison.Notes.Add("One short round for each case: the figures only show that everything runs.");
    }

    private async Task CompareAsync(Comparison comparison, string parent, Func<string, CancellationToken, Task<IngestSide>> start, CancellationToken stop)
    {
        string folder = Directory.CreateDirectory(Path.Combine(parent, Guid.NewGuid().ToString("N"))).FullName;
        await using IngestSide other = await start(folder, stop);
        await using IngestSide ours = await StartNodeAsync(folder, stop);
        foreach (int window in new[] { Flood, Few })
        {
            await comparison.RunAsync(
                string.Create(CultureInfo.InvariantCulture, $"{other.Name}: {window:#,0} under way"), Rounds, s_metrics,
                new Contender(ours.Name, token => ours.RoundAsync(window, Seconds, token)), new Contender(other.Name, token => other.RoundAsync(window, Seconds, token)), stop);
        }

        await comparison.RunAsync($"{other.Name}: disk", 1, s_disk, new Contender(ours.Name, _ => ours.DiskAsync()), new Contender(other.Name, _ => other.DiskAsync()), stop);
    }

    private static async Task<IngestSide> StartNodeAsync(string folder, CancellationToken stop)
    {
        string data = Path.Combine(folder, "data");
        Peer node = Peer.StartSelf("node", "ingest-node", data);
        string line = await node.ReadLineAsync(s_patience, stop);
        return await IngestSide.StartAsync("node", [node], int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), byNotice: false, Path.Combine(data, "feeds"), stop);
    }

    private async Task<IngestSide> StartPythonAsync(string folder, CancellationToken stop)
    {
        string executable = (await python.LocateAsync(stop)).Executable, database = Path.Combine(folder, "peer.db");
        return await StartServiceAsync("paho + SQLite", folder, database, port => Peer.Start("paho_sqlite.py", executable, PythonOfThisMachine.PeerScript("paho_sqlite.py"), port, database), stop);
    }

    private Task<IngestSide> StartNodeRedAsync(string folder, CancellationToken stop)
    {
        string database = Path.Combine(folder, "peer.db"), modules = NpmPeers.Find("benchmarks/peers", "node-red");
        return StartServiceAsync("Node-RED + SQLite", folder, database, port => Peer.Start("node_red_sqlite.cjs", "node", PythonOfThisMachine.PeerScript("node_red_sqlite.cjs"), port, database, modules, Path.Combine(folder, "node-red")), stop);
    }

    private static async Task<IngestSide> StartServiceAsync(string name, string folder, string database, Func<string, Peer> start, CancellationToken stop)
    {
        (Peer broker, int port) = await MosquittoPeer.StartAsync(folder, stop);
        Peer service = start(port.ToString(CultureInfo.InvariantCulture));
        try
        {
            if (await service.ReadLineAsync(s_patience, stop) is not "ready" and string line)
                throw new InvalidOperationException($"'{name}' said '{line}' instead of 'ready'.");
            return await IngestSide.StartAsync(name, [service, broker], port, byNotice: true, database, stop);
        }
        catch
        {
            // Who does not come up leaves nothing behind.
            await service.DisposeAsync();
            await broker.DisposeAsync();
            throw;
        }
    }
}
