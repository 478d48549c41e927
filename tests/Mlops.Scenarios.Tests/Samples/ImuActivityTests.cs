using System.Globalization;
using System.Text;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Testing.Assets;
using Mlops.Testing.Csv;
using Mlops.Testing.Imu;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Scenarios.Tests.Samples;

/// <summary>The sample workflow imu-activity through the whole product: packets over MQTT, windows over both wrists, training, prediction.</summary>
public sealed class ImuActivityTests
{
    private const int Folds = 5;
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task VirtualWorkers_AnotherPersonThanInTraining_AreRecognised()
    {
        await using SampleNode node = await SampleNode.StartAsync(
            ("Mlops:Labels:0:From", "imu1.worker1.labels"), ("Mlops:Labels:0:Feed", "imu1.worker1.right"), ("Mlops:Labels:0:Set", "activity"), ("Mlops:Labels:0:FromField", "from"), ("Mlops:Labels:0:ToField", "to"));
        await node.InstallAsync(node.Copy("imu-activity"));

        // Three people one after the other; a fourth one is to be recognised.
        for (int person = 0; person < 3; person++)
            await WorkAsync(node, seed: 100 + person, Start.AddHours(person), packets: 2_000);
        ModelInfo model = await node.TrainAsync(new TrainingRequest { Workflow = "imu-activity", Inputs = Hands() });
        DeploymentInfo deployment = await node.Get<IDeployments>().StartAsync(new DeploymentRequest { Workflow = "imu-activity", Model = model.Id, Inputs = Hands() });
        ImuInterval[] done = await WorkAsync(node, seed: 200, Start.AddHours(9), packets: 2_000);
        await node.CaughtUpAsync(deployment.Id, "imu1.worker1.right");

        var confusion = new List<(string Truth, string Answer)>();
        foreach (PredictionResult answer in await node.Get<IPredictions>().ListAsync(deployment.Id, 10_000))
        {
            // Windows over a change of the activity have no one truth.
            TimeSpan end = End(answer.Source.Ts) - Start.AddHours(9), from = end - TimeSpan.FromSeconds(4);
            if (done.FirstOrDefault(i => i.From <= from && i.To >= end) is { To.Ticks: > 0 } interval)
                confusion.Add((interval.Activity.ToText(), (string)answer.Values["label"]!));
        }

        confusion.Count.ShouldBeGreaterThan(55);
        Figures.MacroF1(confusion).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public async Task OpenPack_FivePartsByBox_ReachTheirExpectedMacroF1()
    {
        if (Repository.DataSet("openpack_u0209_both_wrists_30hz.csv") is not { } csv)
            return; // The data set is not part of the project.
        await using SampleNode node = await SampleNode.StartAsync();
        CsvTable table = CsvTable.Load(csv);
        using var folder = new DemoFolder();
        await ReplayAsync(node, CsvTable.Load(folder.Write("openpack.csv", WithTimes(table))));

        // Other activities than the sample's, as its README says.
        string package = node.Copy("imu-activity");
        string manifest = Path.Combine(package, "workflow.yaml");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("[idle, hammering, screwing, sawing, drilling]", "[]", StringComparison.Ordinal));
        File.Delete(Path.Combine(package, "golden.csv"));
        File.Delete(Path.Combine(package, "sample.csv"));
        await node.InstallAsync(package);

        const string feed = "openpack.bench.records";
        Dictionary<long, (string Truth, long Box)> truths = Truths(table);
        var confusion = new List<(string Truth, string Answer)>();
        for (int fold = 0; fold < Folds; fold++)
        {
            ModelInfo model = await node.TrainAsync(new TrainingRequest
            {
                Workflow = "imu-activity",
                Feed = feed,
                Labels = "operation",
                Filter = string.Create(CultureInfo.InvariantCulture, $"(box + 1) % {Folds} <> {fold}"),
                Split = new SplitRule(SplitKind.Random, HeldOut: 0), // The fold is what is held out.
                Params = new Dictionary<string, object?> { ["trees"] = 200L },
            });
            foreach (PredictionResult answer in await node.AnswerAllAsync(new DeploymentRequest { Workflow = "imu-activity", Model = model.Id, Feed = feed }, feed))
            {
                (string truth, long box) = truths[End(answer.Source.Ts).ToUnixTimeMilliseconds()];
                if ((box + 1) % Folds == fold)
                    confusion.Add((truth, (string)answer.Values["label"]!));
            }
        }

        confusion.Count.ShouldBeGreaterThan(650);
        Figures.MacroF1(confusion).ShouldBeGreaterThan(0.63);
        Figures.Accuracy(confusion).ShouldBeGreaterThan(0.74);
    }

    // Windows end every two seconds.
    private static DateTimeOffset End(DateTimeOffset last) => new(((last.UtcTicks / TimeSpan.FromSeconds(2).Ticks) + 1) * TimeSpan.FromSeconds(2).Ticks, TimeSpan.Zero);

    private static Dictionary<string, FeedFieldReference> Hands() => new[] { (Prefix: "r", Feed: "imu1.worker1.right"), (Prefix: "l", Feed: "imu1.worker1.left") }
        .SelectMany(hand => ImuSample.Names.Select(name => (Input: $"{hand.Prefix}_{name}", Field: new FeedFieldReference(hand.Feed, name))))
        .ToDictionary(i => i.Input, i => i.Field);

    private static async Task<ImuInterval[]> WorkAsync(SampleNode node, long seed, DateTimeOffset start, int packets)
    {
        await using var asset = new VirtualImuAsset(new VirtualImuAssetOptions { Port = node.Port, Work = { Seed = seed }, Start = start, FirstSequence = seed * 100_000 });
        await asset.ConnectAsync();
        long before = Labels(node);
        await asset.PublishAsync(packets);
        await asset.PublishPendingLabelsAsync();
        await SampleNode.UntilAsync(() => Labels(node) >= before + asset.Counts.Labels, () => $"{Labels(node)} labels are there.");
        var radio = new ImuRadio(new ImuWorkOptions { Seed = seed }, new ImuRadioOptions());
        for (int i = 0; i < packets; i++)
            radio.Next();
        return [.. radio.TakeIntervals(all: true)];
    }

    private static long Labels(SampleNode node) => node.Get<IFeedReader>().Find("imu1.worker1.right") is null ? 0 : node.Get<ILabels>().List("imu1.worker1.right", "activity", 10_000).Count;

    private static async Task ReplayAsync(SampleNode node, CsvTable table)
    {
        await using var asset = new CsvReplayAsset(table, new CsvReplayAssetOptions
        {
            Port = node.Port,
            App = "openpack",
            Connection = "bench",
            Collection = "records",
            LabelColumn = "operation",
            LabelInRecord = true,
            TimeColumn = "time",
            Split = CsvSplitRule.Chronological,
            TrainingShare = 1, // Each fold is trained on what the others hold, so all have labels.
        });
        await asset.ConnectAsync();
        await asset.PublishTrainingAsync();
        await SampleNode.UntilAsync(() => node.Get<IFeedReader>().List().FirstOrDefault(f => f.Schema.Feed == "openpack.bench.records")?.Records == table.RowCount, () => "The records are not stored.");
    }

    private static string WithTimes(CsvTable table)
    {
        var text = new StringBuilder($"time,{string.Join(',', table.Columns.Skip(1).Select(c => c.Name))}\n");
        for (int row = 0; row < table.RowCount; row++)
            text.Append(Time(table, row).ToString("O")).Append(',').AppendJoin(',', table.Columns.Skip(1).Select(c => table[row, c])).Append('\n');
        return text.ToString();
    }

    private static DateTime Time(CsvTable table, int row) => Start.UtcDateTime.AddMilliseconds(long.Parse(table[row, table.Columns[0]]!, CultureInfo.InvariantCulture));

    // The operation in most records of the four seconds before each end, and the box of the last one.
    private static Dictionary<long, (string Truth, long Box)> Truths(CsvTable table)
    {
        CsvColumn operation = table.Columns.Single(c => c.Name == "operation"), box = table.Columns.Single(c => c.Name == "box");
        (long Time, string Operation, long Box)[] records =
            [.. Enumerable.Range(0, table.RowCount).Select(row => (new DateTimeOffset(Time(table, row)).ToUnixTimeMilliseconds(), table[row, operation]!, long.Parse(table[row, box]!, CultureInfo.InvariantCulture)))];
        var truths = new Dictionary<long, (string, long)>();
        int first = 0, next = 0;
        for (long end = records[0].Time + 2000; end <= records[^1].Time + 2000; end += 2000)
        {
            while (next < records.Length && records[next].Time < end)
                next++;
            while (records[first].Time < end - 4000)
                first++;
            truths[end] = (records[first..next].Reverse().GroupBy(r => r.Operation).MaxBy(g => g.Count())!.Key, records[next - 1].Box);
        }

        return truths;
    }
}
