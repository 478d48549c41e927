using Mlops.Data;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>Windows over two feeds whose packets come late, get lost and overtake each other.</summary>
public sealed class WindowTests : IDisposable
{
    private const int Packet = 5;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-windows").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{size: 1s, hop: 400ms, step: 50ms, late: 300ms, gap: 500ms}", "last", 30)]
    [InlineData("{size: 1s, hop: 400ms, step: 50ms}", "\"null\"", 30)]
    [InlineData("{size: 1s, hop: 200ms, step: 100ms, late: 1s, gap: 350ms}", "skip", 20)]
    [InlineData("{size: 30 records, hop: 7 records}", "last", 40)]
    [InlineData("{size: 12 records, hop: 1, gap: 350ms}", "\"null\"", 150)]
    public async Task Windows_LiveAfterRestartsBacktestAndTraining_AreTheSame(string window, string fill, int least)
    {
        var live = new Dictionary<long, string>();
        string model, deployment;
        List<(string Feed, FeedRecord[] Records)> packets = Packets(seed: 7);
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            await WriteAsync(node, packets[..30]);
            await InstallAsync(node, window, fill);
            model = await node.TrainAsync(Training);
            deployment = (await DeployAsync(node, model)).Id;
            await WriteAsync(node, packets[30..60]);
            await node.WaitAsync(deployment, Last(node));
            Merge(live, node);
        }

        for (int from = 60; from < packets.Count; from += 31)
        {
            // A node that starts anew in the middle of windows.
            await using PredictionNode node = await PredictionNode.StartAsync(_folder);
            await WriteAsync(node, packets[from..Math.Min(from + 31, packets.Count)]);
            await node.WaitAsync(deployment, Last(node));
            Merge(live, node);
        }

        await using PredictionNode last = await PredictionNode.StartAsync(_folder);
        // Its model is warmed with the newest window, which may never be answered.
        await PredictionNode.UntilAsync(() => last.Deployments.Find(deployment)!.State == DeploymentState.Running);
        last.Runtime.Windows.Clear();
        await RunAsync(last, new BacktestRequest { Model = model, Deployment = deployment });
        var backtest = new Dictionary<long, string>(last.Runtime.Windows);
        await last.TrainAsync(Training);

        // A model is warmed with the newest window, whether it is to be answered or not.
        long[] answered = [.. (await last.AnswersAsync(deployment)).Select(a => a.Source.Row)];
        live = live.Where(w => answered.Contains(w.Key)).ToDictionary();
        live.Count.ShouldBeGreaterThan(least);
        live.Values.ShouldAllBe(text => !text.Contains("and then", StringComparison.Ordinal));
        ShouldBeSame(backtest, live);
        ShouldBeSame(last.Runtime.Trained, live);
    }

    [Fact]
    public async Task Windows_EachAnswer_BelongsToItsLastRecord()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await WriteAsync(node, Packets(seed: 3)[..40]);
        await InstallAsync(node, "{size: 10 records, hop: 5 records}", "last");
        string model = await node.TrainAsync(Training);
        DeploymentInfo deployment = await DeployAsync(node, model);
        await node.WaitAsync(deployment.Id, Last(node));

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        Dictionary<long, double> values = await ValuesAsync(node);
        answers.Count.ShouldBeGreaterThan(10);
        answers.ShouldAllBe(a => values[a.Source.Row].Equals(a.Values["twice"]) && a.Source.Feed == "right");
        long[] rows = [.. values.Keys.Order()];
        answers.Select(a => Array.IndexOf(rows, a.Source.Row)).ShouldBe(Enumerable.Range(0, answers.Count).Select(i => 9 + (5 * i)));
    }

    [Fact]
    public async Task Windows_SwappedModel_GoesOnCountingAndKeepsTheWindowUnderWay()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        List<(string Feed, FeedRecord[] Records)> packets = Packets(seed: 5);
        await WriteAsync(node, packets[..30]);
        await InstallAsync(node, "{size: 20 records, hop: 8 records}", "last");
        string model = await node.TrainAsync(Training), other = await node.TrainAsync(Training);
        DeploymentInfo deployment = await DeployAsync(node, model);
        await node.WaitAsync(deployment.Id, Last(node));
        await node.Deployments.SwapAsync(deployment.Id, other, author: null);
        await WriteAsync(node, packets[30..]);
        await node.WaitAsync(deployment.Id, Last(node));
        var live = new Dictionary<long, string>(node.Runtime.Windows);
        node.Runtime.Windows.Clear();
        await RunAsync(node, new BacktestRequest { Model = model, Deployment = deployment.Id });

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        ShouldBeSame(node.Runtime.Windows, live.Where(w => answers.Any(a => a.Source.Row == w.Key)).ToDictionary());
        answers.Select(a => a.Model).Distinct().ShouldBe([model, other]);
    }

    [Theory]
    [InlineData("majority", "down", "down", "up", "up")]
    [InlineData("last", "down", "up", "up", "up")]
    [InlineData("whole", "down", null, null, "up")]
    public async Task Windows_LabelledByIntervals_HaveTheTruthOfTheirRecords(string rule, params string?[] expected)
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        var records = Enumerable.Range(0, 25).Select(i => new FeedRecord(Start.AddMilliseconds(100 * i), new Dictionary<string, object?> { ["x"] = (double)i })).ToArray();
        await WriteAsync(node, [("right", records)]);
        await node.Get<ILabels>().AddAsync("right", [Interval("down", 0, 13), Interval("up", 13, 25)]);
        await InstallAsync(node, $"{{size: 10 records, hop: 5 records, label: {rule}}}", "last", inputs: 1, more: "output: {classes: [down, up]}\nlabel: hand");

        await node.TrainAsync(new TrainingRequest { Workflow = "windows", Inputs = new Dictionary<string, FeedFieldReference> { ["r"] = new("right", "x") } });

        long[] rows = [.. (await ValuesAsync(node)).Keys.Order()];
        foreach ((string? truth, int i) in expected.Select((truth, i) => (truth, i)))
            node.Runtime.Truths.GetValueOrDefault(rows[9 + (5 * i)]).ShouldBe(truth);
    }

    [Fact]
    public async Task Windows_GroupsHeldOut_ShareNoRecordWithTheTraining()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        var records = Enumerable.Range(0, 200).Select(i => new FeedRecord(Start.AddMilliseconds(100 * i), new Dictionary<string, object?> { ["x"] = (double)i, ["box"] = (long)(i / 40) })).ToArray();
        await WriteAsync(node, [("right", records)]);
        await InstallAsync(node, "{size: 10 records, hop: 1 records}", "last", inputs: 1);
        await node.TrainAsync(new TrainingRequest
        {
            Workflow = "windows",
            Inputs = new Dictionary<string, FeedFieldReference> { ["r"] = new("right", "x") },
            Split = new SplitRule(SplitKind.Group, 0.4, 1, "box"),
        });

        double[][] windows = [.. node.Runtime.Trained.Values.Select(w => w.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(row => double.Parse(row.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        int[] seen = [.. windows.Select(w => (int)w[^1] / 40).Distinct()];
        seen.Length.ShouldBeInRange(1, 4);
        windows.ShouldAllBe(w => w.All(x => seen.Contains((int)x / 40)));
    }

    [Fact]
    public async Task Train_NoWindowInTheData_SaysWhatOneNeeds()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await WriteAsync(node, Packets(seed: 1)[..4]);
        await InstallAsync(node, "{size: 1h}", "last");
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => node.TrainAsync(Training));
        failure.Message.ShouldContain("make no window of workflow 'windows' 1.0.0: a window needs 3600 s without a pause");
    }

    private static void ShouldBeSame(IDictionary<long, string> windows, Dictionary<long, string> live)
    {
        windows.Keys.Order().ShouldBe(live.Keys.Order());
        foreach ((long position, string text) in windows)
            text.Split(';').ShouldBe(live[position].Split(';'), position.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static TrainingRequest Training => new() { Workflow = "windows", Inputs = Inputs };

    private static Dictionary<string, FeedFieldReference> Inputs => new() { ["r"] = new("right", "x"), ["l"] = new("left", "x") };

    private static Label Interval(string value, int from, int to) => new()
    {
        Set = "hand",
        Value = value,
        From = EpochTime.FromDateTimeOffset(Start.AddMilliseconds((100 * from) - 50)),
        To = EpochTime.FromDateTimeOffset(Start.AddMilliseconds((100 * to) - 50)),
    };

    private static Task<DeploymentInfo> DeployAsync(PredictionNode node, string model) =>
        node.DeployAsync(model, r => r with { Feed = null, Inputs = Inputs, From = Start.AddDays(-1) });

    private static long Last(PredictionNode node) => node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == "right").LastPosition;

    private static void Merge(Dictionary<long, string> live, PredictionNode node)
    {
        foreach ((long position, string text) in node.Runtime.Windows)
            live[position] = live.TryGetValue(position, out string? before) && before != text ? $"{before} and then {text}" : text;
    }

    private static async Task RunAsync(PredictionNode node, BacktestRequest request)
    {
        BacktestInfo info = await node.Get<IBacktests>().StartAsync(request);
        info = await node.Get<IBacktests>().WaitAsync(info.Id);
        info.State.ShouldBe(BacktestState.Succeeded, info.Reason);
    }

    private static async Task WriteAsync(PredictionNode node, IEnumerable<(string Feed, FeedRecord[] Records)> packets)
    {
        foreach ((string feed, FeedRecord[] records) in packets)
            await node.Get<IFeedWriter>().WriteAsync(feed, records);
    }

    private static async Task<Dictionary<long, double>> ValuesAsync(PredictionNode node)
    {
        var values = new Dictionary<long, double>();
        await foreach (RecordBatch batch in node.Get<IFeedReader>().ReadAsync(new FeedQuery { Feed = "right" }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                    values[batch.Positions[row]] = batch.Column("x").Values<double>()[row];
            }
        }

        return values;
    }

    private async Task InstallAsync(PredictionNode node, string window, string fill, int inputs = 2, string more = "output: {fields: [{name: twice, type: number}]}")
    {
        string package = Directory.CreateDirectory(Path.Combine(_folder, "windows")).FullName;
        string listed = string.Join(", ", new[] { "{name: r, type: number}", "{name: l, type: number}" }.Take(inputs));
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.yaml"), $"name: windows\nversion: 1.0.0\nruntime: stand-in\ninputs: [{listed}]\nfill: {fill}\nwindow: {window}\n{more}\n");
        await node.Get<IWorkflowCatalog>().InstallAsync(package, trusted: true);
    }

    /// <summary>Makes packets of both feeds, 20 records a second each, in the order in which they arrive.</summary>
    private static List<(string Feed, FeedRecord[] Records)> Packets(int seed)
    {
        var random = new Random(seed);
        var sent = new List<(double At, string Feed, FeedRecord[] Records)>();
        for (int packet = 0; packet < 80; packet++)
        {
            foreach (string feed in (string[])["right", "left"])
            {
                double at = packet * Packet * 50;
                FeedRecord[] records = [.. Enumerable.Range(0, Packet).Select(i => new FeedRecord(
                    Start.AddMilliseconds(at + (i * 50) + (random.Next(-8, 9) * 0.5)),
                    new Dictionary<string, object?> { ["x"] = random.Next(12) == 0 ? null : Math.Round(random.NextDouble() * 100, 2) }))];

                // One in twelve is lost, one in six late, and once both hands are silent for two seconds.
                if (random.Next(12) != 0 && packet is < 40 or >= 48)
                    sent.Add((at + (random.Next(6) == 0 ? random.Next(100, 900) : random.Next(40)), feed, records));
            }
        }

        return [.. sent.OrderBy(p => p.At).Select(p => (p.Feed, p.Records))];
    }
}
