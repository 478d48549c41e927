using System.Globalization;
using System.Text.Json;
using Mlops.Benchmarks.Harness;
using Mlops.Client;
using Mlops.DuckDb;

namespace Mlops.Benchmarks.Web;

/// <summary>The pages over a full store, many listeners beside ingest, and what the host takes while nobody asks.</summary>
/// <param name="records">How many records the charted feed has.</param>
/// <param name="quick">Whether each case has few and short rounds, to see that everything runs.</param>
internal sealed class WebScenario(int records, bool quick) : IScenario
{
    private const int Fields = 8;
    private const int Few = 10_000;
    private const int Clients = 200;
    private const int Rate = 1_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly string[] s_pages = ["", "assets", "assets/new", "ingest", "data", "data/many", "workflows", "trainings", "trainings/new", "models", "deployments", "deployments/new", "access"];
    private static readonly Metric[] s_chart = [new("first chart", "ms"), new("longest frame", "ms"), new("finer points", "ms")];
    private static readonly Metric[] s_ingest = [new("records", "1/s", HigherIsBetter: true), new("p50", "ms"), new("p99", "ms"), new("processor", "s")];
    private static readonly Metric[] s_memory = [new("resident", "MiB")];
    private readonly List<double> _delivered = [];

    public string Name => "web";

    public string Title => "Pages over a full store, and many listeners";

    public string Method =>
        string.Create(CultureInfo.InvariantCulture, $"Against samples/EdgeHost in a process of its own, over loopback. Chart: Chromium without anything kept opens the chart of a field that nobody has asked for yet in a feed of {records:#,0} records a millisecond apart, ")
        + "timed by the page from navigation until the frame after the chart was drawn; then it zooms in ten times, each step two frames ('longest frame' is both of the worst step, 33 ms at 60 a second), and waits for the finer points, "
        + string.Create(CultureInfo.InvariantCulture, $"which the page asks for 120 ms after the hand rests. Baseline: the same page over {Few:#,0} records, so what is left is what the number of records costs. ")
        + string.Create(CultureInfo.InvariantCulture, $"Ingest: {Rate:#,0} JSON messages a second, one record each, QoS 1, each timed until its PUBACK, with {Clients} listeners of the feed's events and without any; ")
        + "listeners and load share the machine with the node, which speaks against us. Memory: resident memory of the host after every page was visited and then left alone, against the host that nobody has visited.";

    private int ChartRounds => quick ? 2 : Fields - 1;

    private int Rounds => quick ? 1 : 5;

    private int Seconds => quick ? 5 : 20;

    private TimeSpan Rest => TimeSpan.FromSeconds(quick ? 10 : 60);

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            await using PageTimer browser = await PageTimer.StartAsync();
            await MemoryAsync(comparison, browser, folder, stop);
            await using EdgeHostPeer host = await EdgeHostPeer.StartAsync(Path.Combine(folder, "full"), stop);
            await FillAsync(host.Client, folder, stop);
            await ChartsAsync(comparison, browser, host, stop);
            await IngestAsync(comparison, host, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        AddGoals(comparison);
    }

    private async Task MemoryAsync(Comparison comparison, PageTimer browser, string folder, CancellationToken stop)
    {
        int round = 0;
        string? notes = null;
        async Task<IReadOnlyDictionary<string, double>> RestAsync(bool visited)
        {
            await using EdgeHostPeer host = await EdgeHostPeer.StartAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"idle{round++}")), stop);
            await host.Client.Node.GetStatusAsync(stop);
            if (visited)
            {
                IReadOnlyCollection<string> files = await browser.VisitAsync(host.Address, s_pages);
                notes ??= await BundleAsync(host.Http, files, stop);
            }

            await Task.Delay(Rest, stop);
            return new Dictionary<string, double> { ["resident"] = host.Process.ResidentMiB };
        }

        await comparison.RunAsync("idle host", quick ? 1 : 3, s_memory, new Contender("every page visited", _ => RestAsync(true)), new Contender("never visited", _ => RestAsync(false)), stop);
        comparison.Notes.Add(notes!);
    }

    /// <summary>Adds up what a browser fetches, compressed as for one that is not on the machine and has no HTTPS.</summary>
    private static async Task<string> BundleAsync(HttpClient http, IReadOnlyCollection<string> files, CancellationToken stop)
    {
        long size = 0;
        foreach (string file in files.Where(f => f.Contains('.', StringComparison.Ordinal)))
            size += (await http.GetByteArrayAsync(new Uri(file, UriKind.Relative), stop)).Length;
        return Goal("scripts and styles of all pages, gzip", 400, size / 1000.0, "kB");
    }

    private async Task FillAsync(MlopsClient client, string folder, CancellationToken stop)
    {
        using DuckDbDatabase database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true });
        using DuckDbConnection connection = database.Connect();
        foreach ((string feed, int count) in new[] { ("few", Few), ("many", records) })
        {
            string file = Path.Combine(folder, feed + ".parquet");
            string columns = string.Join(", ", Enumerable.Range(0, Fields).Select(i => string.Create(CultureInfo.InvariantCulture, $"round(sin(i / {1000.0 * (i + 1)}) * 10 + random(), 3) AS value{i}")));
            using (connection.Query(string.Create(CultureInfo.InvariantCulture, $"COPY (SELECT make_timestamp_ns(1767225600000000000 + i * 1000000) AS timestamp, {columns} FROM range({count}) t(i)) TO '{file}' (FORMAT parquet)"), stop))
            {
            }

            await using (FileStream parquet = File.OpenRead(file))
                await client.Feeds.ImportParquetAsync(feed, parquet, stop);
            File.Delete(file);
        }
    }

    private Task ChartsAsync(Comparison comparison, PageTimer browser, EdgeHostPeer host, CancellationToken stop)
    {
        int ours = 0, theirs = 0;
        return comparison.RunAsync(
            "chart", ChartRounds, s_chart,
            new Contender(string.Create(CultureInfo.InvariantCulture, $"{records:#,0} records"), _ => browser.ChartAsync(host.Address, "many", $"value{ours++}")),
            new Contender(string.Create(CultureInfo.InvariantCulture, $"{Few:#,0} records"), _ => browser.ChartAsync(host.Address, "few", $"value{theirs++}")), stop);
    }

    private async Task IngestAsync(Comparison comparison, EdgeHostPeer host, CancellationToken stop)
    {
        await host.Client.Ingest.AddMappingAsync(new Mapping(PacedLoad.Topic, "web", Fields: [new MappingField("value", "value", "float64")]), stop);
        await using Peer load = Peer.StartSelf("load", "web-load", await host.MqttPortAsync());
        await load.ReadLineAsync(s_patience, stop);

        // The feed must be there before anybody can listen to it.
        await PublishAsync(host, load, stop);
        await comparison.RunAsync("ingest", Rounds, s_ingest, new Contender(string.Create(CultureInfo.InvariantCulture, $"{Clients} listeners"), token => ListenedAsync(host, load, token)), new Contender("no listener", token => PublishAsync(host, load, token)), stop);
        comparison.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"Of the records, listeners got {_delivered.Min():0.00 %} in the worst round; the rest they were told to have missed."));
    }

    private async Task<IReadOnlyDictionary<string, double>> ListenedAsync(EdgeHostPeer host, Peer load, CancellationToken stop)
    {
        await using Peer listeners = Peer.StartSelf("listeners", "web-listeners", host.Address.ToString(), "web", Clients.ToString(CultureInfo.InvariantCulture));
        await listeners.ReadLineAsync(s_patience, stop);
        IReadOnlyDictionary<string, double> figures = await PublishAsync(host, load, stop);
        await Task.Delay(1000, stop);
        await listeners.WriteLineAsync("count");
        _delivered.Add(double.Parse(await listeners.ReadLineAsync(s_patience, stop), CultureInfo.InvariantCulture) / ((double)Rate * Seconds * Clients));
        return figures;
    }

    private async Task<IReadOnlyDictionary<string, double>> PublishAsync(EdgeHostPeer host, Peer load, CancellationToken stop)
    {
        double before = host.Process.ProcessorSeconds;
        await load.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Rate} {Seconds}"));
        var figures = JsonSerializer.Deserialize<Dictionary<string, double>>(await load.ReadLineAsync(s_patience, stop))!;
        figures["processor"] = host.Process.ProcessorSeconds - before;
        return figures;
    }

    private static void AddGoals(Comparison comparison)
    {
        comparison.Notes.Add(Goal("first chart", 1000, Median(comparison, "first chart"), "ms"));
        comparison.Notes.Add(Goal("idle host, every page visited", 150, Median(comparison, "resident"), "MiB"));
        Figure ingest = comparison.Figures.First(f => f.Metric == "records");
        comparison.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"Goal: {Clients} listeners take nothing from {Rate:#,0} records/s. {(ingest.Ours.Median > Rate * 0.99 ? "Reached" : "Not reached")}: {ingest.Ours.Median:0} records/s."));
    }

    private static double Median(Comparison comparison, string metric) => comparison.Figures.First(f => f.Metric == metric).Ours.Median;

    private static string Goal(string name, double goal, double figure, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"Goal: {name} under {goal} {unit}. {(figure < goal ? "Reached" : "Not reached")}: {figure:0.#} {unit}.");
}
