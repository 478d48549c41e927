using System.Globalization;
using System.Text;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Testing.Assets;
using Mlops.Testing.Csv;
using Mlops.Training;

namespace Mlops.Scenarios.Tests.Samples;

/// <summary>The sample workflow temperature-anomaly through the whole product: records over MQTT, windows of a day, training without labels, scores.</summary>
public sealed class TemperatureAnomalyTests
{
    private const string Feed = "nab.machine.records";

    [Fact]
    public async Task MachineTemperature_AllRecords_ReachesItsExpectedAuc()
    {
        if (Repository.DataSet("nab_machine_temperature.csv") is not { } csv)
            return; // The data set is not part of the project.
        (await AucAsync(CsvTable.Load(csv))).ShouldBeGreaterThan(0.92);
    }

    [Fact]
    public async Task MadeUpTemperature_TwoFailures_AreScoredAboveTheRest()
    {
        var text = new StringBuilder("timestamp,temperature,anomaly_window\n");
        var random = new Random(2);
        double drift = 0;
        for (int i = 0; i < 20 * 288; i++)
        {
            bool fails = i is > 2000 and < 2400 or > 4500 and < 4900;
            drift = (0.95 * drift) + random.NextDouble() - 0.5;
            double value = 80 + (4 * Math.Sin(2 * Math.PI * i / 288)) + drift - (fails ? 15 : 0);
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2026, 2, 1).AddMinutes(5 * i):s},{value:0.00},{(fails ? 1 : 0)}\n");
        }

        using var folder = new DemoFolder();
        (await AucAsync(CsvTable.Load(folder.Write("made-up.csv", text.ToString())))).ShouldBeGreaterThan(0.9);
    }

    private static async Task<double> AucAsync(CsvTable table)
    {
        await using SampleNode node = await SampleNode.StartAsync();
        await node.InstallAsync(node.Copy("temperature-anomaly"));
        await using (var asset = new CsvReplayAsset(table, new CsvReplayAssetOptions
        {
            Port = node.Port,
            App = "nab",
            Connection = "machine",
            Collection = "records",
            LabelColumn = "anomaly_window",
            LabelInRecord = true,
            TimeColumn = "timestamp",
            Split = CsvSplitRule.Chronological,
        }))
        {
            await asset.ConnectAsync();
            await asset.PublishTrainingAsync();
            await asset.PublishTestAsync();
        }

        await SampleNode.UntilAsync(() => node.Get<IFeedReader>().List().FirstOrDefault(f => f.Schema.Feed == Feed)?.Records == table.RowCount, () => $"Of {table.RowCount} records there are {string.Join(", ", node.Get<IFeedReader>().List().Select(f => $"{f.Schema.Feed} {f.Records}"))}.");
        ModelInfo model = await node.TrainAsync(new TrainingRequest { Workflow = "temperature-anomaly", Feed = Feed });
        IReadOnlyList<PredictionResult> answers = await node.AnswerAllAsync(new DeploymentRequest { Workflow = "temperature-anomaly", Model = model.Id, Feed = Feed }, Feed);

        CsvColumn truth = table.Columns.Single(c => c.Name == "anomaly_window"), time = table.Columns.Single(c => c.Name == "timestamp");
        Dictionary<DateTime, bool> truths = Enumerable.Range(0, table.RowCount).DistinctBy(row => table[row, time]).ToDictionary(
            row => DateTime.Parse(table[row, time]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), row => table[row, truth] == "1");
        (bool Truth, double Score)[] scores = [.. answers.Select(a => (truths[a.Source.Ts.UtcDateTime], (double)a.Values["score"]!))];
        scores.Length.ShouldBeGreaterThan(table.RowCount / 6 / 2);
        return Figures.Auc(scores);
    }
}
