using System.Globalization;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Reading;

/// <summary>Reading a full store while it takes in more.</summary>
/// <param name="python">The interpreter of the SQLite side.</param>
/// <param name="records">How many records the store has.</param>
/// <param name="quick">Whether each case has few rounds, to see that everything runs.</param>
internal sealed class ReadingScenario(PythonOfThisMachine python, int records, bool quick) : IScenario
{
    private const int PerSecond = 5_000;
    private const int Selected = 1_000_000;
    private const int Points = 1_000;
    private const double MemoryGoal = 300;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private static readonly Metric[] s_time = [new("time", "ms")];
    private static readonly Metric[] s_size = [new("on disk per value", "bytes")];
    private double _peak;

    public string Name => "reading";

    public string Title => "Reading a store that is full and fills on";

    public string Method =>
        string.Create(CultureInfo.InvariantCulture, $"A feed of 16 random doubles a record, {records:#,0} records a millisecond apart; {PerSecond:#,0} more a second are ingested while ours is read. ")
        + $"Questions: the last 1,000 records with all columns; an hour of one column as at most {Points:#,0} points (least, most, mean, count; ours has first and last as well), once of a column that nobody has asked for yet and then again; "
        + "a million records of 16 columns as a training selection, with their positions and a SHA-256 over everything, out of Parquet files, and out of a log of a million records that no file has yet. The log is asked twice in a row and the second answer counts, on both sides: on a virtual machine, memory that "
        + "nobody had for a while must first come from its host, page by page, which can take several times longer than reading; what the first question took is in the notes. "
        + "Baselines: DuckDB through our own binding, plain SQL over the same Parquet files, without positions, hash or anything being written meanwhile; Python's sqlite3 on a table with an index on the time, nothing being written meanwhile, columns into a NumPy array. "
        + "Where it can, a baseline so does less than Mlops. The notes compare the figures with the goals; memory is the peak of our process, without the columns that a selection returned.";

    private int SlowRounds => quick ? 2 : 3;

    private int Rounds => quick ? 2 : 9;

    private long Hour => Math.Min(3_600_000L, records) * ReadingNode.Millisecond;

    private int Wanted => Math.Min(Selected, records);

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            string data = Path.Combine(folder, "data"), database = Path.Combine(folder, "peer.db");
            await using Peer sqlite = Peer.Start(
                "read_sqlite.py", (await python.LocateAsync(stop)).Executable, PythonOfThisMachine.PeerScript("read_sqlite.py"), database, records.ToString(CultureInfo.InvariantCulture));
            await using (Peer node = await StartAsync(data, records, keepLog: false, stop))
            {
                await sqlite.ReadLineAsync(s_patience, stop);
                string[] files = HoldFiles(Path.Combine(data, "feeds"), Path.Combine(folder, "held"));
                await AskAsync(node, string.Create(CultureInfo.InvariantCulture, $"ingest {PerSecond}"), stop);
                await AskAllAsync(comparison, node, sqlite, files, stop);
                double values = (double)records * ReadingNode.Columns;
                double ours = files.Sum(f => new FileInfo(f).Length) / values, theirs = new FileInfo(database).Length / values;
                await comparison.RunAsync("sqlite3: disk", 1, s_size, new Contender("Parquet", _ => Given(ours)), new Contender("SQLite", _ => Given(theirs)), stop);
            }

            await using Peer tail = await StartAsync(Path.Combine(folder, "tail"), Wanted, keepLog: true, stop);
            string select = Question("select", 0, Wanted * ReadingNode.Millisecond);
            await CompareTwiceAskedAsync(comparison, "sqlite3: a million records of the log", tail, sqlite, select, stop);
            AddGoals(comparison);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task AskAllAsync(Comparison comparison, Peer node, Peer sqlite, string[] files, CancellationToken stop)
    {
        using var raw = new RawParquet(files);
        long width = Math.Max(1, Hour / Points);
        long middle = Math.Max(0, ((long)records * ReadingNode.Millisecond) - Hour) / 2;
        int column = 0;
        string Chart(int of) => string.Create(CultureInfo.InvariantCulture, $"{Question("chart", middle, middle + Hour)} {width} {of}");
        (string Name, int Rounds, Func<bool, string> Question)[] cases =
        [
            ("last 1,000 records", Rounds * 3, _ => "last 1000"),
            ("an hour as points, for the first time", Math.Min(Rounds, 6), isOurs => Chart(isOurs ? column++ : 0)),
            ("an hour as points, again", Rounds, _ => Chart(0)),
            ("a million records of files", Rounds, _ => Question("select", 0, Wanted * ReadingNode.Millisecond)),
        ];
        foreach ((string name, int rounds, Func<bool, string> question) in cases)
        {
            await CompareAsync(comparison, $"DuckDB: {name}", rounds, node, question, "DuckDB over the same files", text => Task.Run(() => Raw(raw, text)), stop);
            await CompareAsync(comparison, $"sqlite3: {name}", SlowRounds, node, question, "sqlite3", text => AskAsync(sqlite, text, stop), stop);
        }
    }

    private void AddGoals(Comparison comparison)
    {
        (string Case, double Goal)[] goals = [("last 1,000 records", 10), ("an hour as points, for the first time", 50), ("an hour as points, again", 50), ("a million records of files", 400), ("a million records of the log", 120)];
        foreach ((string name, double goal) in goals)
        {
            double median = comparison.Figures.First(f => f.Case.EndsWith(name, StringComparison.Ordinal)).Ours.Median;
            Add(comparison, name, goal, median, "ms");
        }

        Add(comparison, "memory", MemoryGoal, _peak, "MiB");
    }

    private static void Add(Comparison comparison, string name, double goal, double figure, string unit) => comparison.Notes.Add(
        string.Create(CultureInfo.InvariantCulture, $"Goal: {name} under {goal} {unit}. {(figure < goal ? "Reached" : "Not reached")}: {figure:0.#} {unit}."));

    private Task CompareAsync(
        Comparison comparison, string name, int rounds, Peer node, Func<bool, string> question, string other, Func<string, Task<double>> answer, CancellationToken stop) => comparison.RunAsync(
        name, rounds, s_time,
        new Contender("node", async token => await Given(await AskAndWeighAsync(node, question(true), token), "time")),
        new Contender(other, async _ => await Given(await answer(question(false)), "time")), stop);

    private async Task CompareTwiceAskedAsync(Comparison comparison, string name, Peer node, Peer sqlite, string question, CancellationToken stop)
    {
        var first = new List<double>();
        await comparison.RunAsync(
            name, Rounds, s_time,
            new Contender("node", async _ =>
            {
                first.Add(await AskAndWeighAsync(node, question, stop));
                return await Given(await AskAndWeighAsync(node, question, stop), "time");
            }),
            new Contender("sqlite3", async _ =>
            {
                await AskAsync(sqlite, question, stop);
                return await Given(await AskAsync(sqlite, question, stop), "time");
            }), stop);
        first.Sort();
        comparison.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"The first of two questions about the log took {first[first.Count / 2]:0} ms, with memory that the machine had not in use; the second counts above."));
    }

    private static string Question(string name, long from, long to) => string.Create(CultureInfo.InvariantCulture, $"{name} {ReadingNode.Start + from} {ReadingNode.Start + to}");

    private static double Raw(RawParquet raw, string question)
    {
        string[] words = question.Split(' ');
        return Checked(question, raw.Answer(words[0], [.. words.Skip(1).Select(w => long.Parse(w, CultureInfo.InvariantCulture))]));
    }

    private static async Task<double> AskAsync(Peer peer, string question, CancellationToken stop)
    {
        await peer.WriteLineAsync(question);
        string[] words = (await peer.ReadLineAsync(s_patience, stop)).Split(' ');
        return Checked(question, (double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>Asks our node, and takes note of its memory meanwhile, without the columns that it returned.</summary>
    private async Task<double> AskAndWeighAsync(Peer node, string question, CancellationToken stop)
    {
        node.ForgetPeak();
        await node.WriteLineAsync(question);
        string[] words = (await node.ReadLineAsync(s_patience, stop)).Split(' ');
        _peak = Math.Max(_peak, node.PeakMiB - (double.Parse(words[2], CultureInfo.InvariantCulture) / 1_048_576));
        return Checked(question, (double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture)));
    }

    private static double Checked(string question, (double Milliseconds, long Rows) answer) =>
        answer.Rows > 0 || question.StartsWith("ingest", StringComparison.Ordinal) ? answer.Milliseconds : throw new InvalidOperationException($"'{question}' found nothing.");

    private static Task<IReadOnlyDictionary<string, double>> Given(double value, string metric = "on disk per value") =>
        Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double> { [metric] = value });

    private static async Task<Peer> StartAsync(string data, int records, bool keepLog, CancellationToken stop)
    {
        Peer node = Peer.StartSelf("node", "reading-node", data, records.ToString(CultureInfo.InvariantCulture), keepLog ? "log" : "files");
        await node.ReadLineAsync(s_patience, stop);
        return node;
    }

    /// <summary>Copies the files elsewhere, so that they stay when the node makes small ones one.</summary>
    private static string[] HoldFiles(string feeds, string folder)
    {
        Directory.CreateDirectory(folder);
        return [.. Directory.EnumerateFiles(feeds, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select((file, i) =>
        {
            string held = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i}.parquet"));
            File.Copy(file, held);
            return held;
        })];
    }
}
