using System.Globalization;
using System.Text.Json;
using Mlops.Testing.Assets;
using Mlops.Testing.Csv;

namespace Mlops.Testing.Tests.Assets;

public class CsvReplayAssetTests
{
    private const string Metadata = "ie/m/j/simatic/v1/csv1/dp";
    private const string Rows = "ie/d/j/simatic/v1/csv1/dp/r/replay/rows";
    private const string Labels = "ie/d/j/simatic/v1/csv1/dp/r/replay/labels";

    private static readonly string Text = "when;größe [µm];big;ok?;note;kind\n"
        + string.Concat(Enumerable.Range(0, 20).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"2026-03-04T05:06:{i:D2}.1234567;{(i == 3 ? "" : $"{i / 4.0}")};{9007199254740990 + i};{(i % 2 == 0 ? "true" : "false")};\"a;\n{i}\";{(i % 3 == 0 ? "x" : "y")}\n")))
        + "2026-03-04T05:07:00;1.5;1;true;not labelled;\n";

    [Fact]
    public async Task PublishTrainingAsync_ThenTest_LabelsFollowTheirPhase()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await using var asset = new CsvReplayAsset(CsvTable.Parse(Text, "t.csv"), Options(broker));
        await asset.ConnectAsync();

        await asset.PublishTrainingAsync();
        asset.Counts.ShouldBe(new AssetCounts(14, 14, 14, 14));
        await asset.PublishTestAsync();
        asset.Counts.ShouldBe(new AssetCounts(20, 20, 14, 14));
        await asset.PublishTestLabelsAsync();
        asset.Counts.ShouldBe(new AssetCounts(20, 20, 20, 20));
        await asset.PublishTestLabelsAsync();
        asset.Counts.Labels.ShouldBe(20);
        await Wait.Until(() => listener.Count(Rows) == 20 && listener.Count(Labels) == 20);

        int[] published = [.. asset.Split.Training, .. asset.Split.Test];
        listener.On(Rows).Select(row => row.GetProperty("seq").GetInt64()).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
        Values(listener, Labels, collection: 1).Select(values => values["label"].GetString()).ShouldBe(published.Select(row => asset.Labels[row]));
        Values(listener, Labels, collection: 1).Select(values => values["source_seq"].GetString()).ShouldBe(Enumerable.Range(1, 20).Select(i => $"{i}"));
    }

    [Fact]
    public async Task PublishTestAsync_Rows_CarryTypedValuesTimesAndGaps()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await using var asset = new CsvReplayAsset(CsvTable.Parse(Text, "t.csv"), Options(broker));
        await asset.ConnectAsync();
        await asset.PublishTrainingAsync();
        await asset.PublishTestAsync();
        await Wait.Until(() => listener.Count(Rows) == 20);

        var definitions = listener.On(Metadata)[0].GetProperty("connections")[0].GetProperty("dataPoints")[0].GetProperty("dataPointDefinitions");
        definitions.EnumerateArray().Select(point => (point.GetProperty("name").GetString(), point.GetProperty("dataType").GetString()))
            .ShouldBe([("größe [µm]", "LReal"), ("big", "LInt"), ("ok?", "Bool"), ("note", "String")]);

        int[] published = [.. asset.Split.Training, .. asset.Split.Test];
        var messages = listener.On(Rows);
        var values = Values(listener, Rows, collection: 0);
        for (var i = 0; i < published.Length; i++)
        {
            var row = published[i];
            messages[i].GetProperty("ts").GetString().ShouldBe($"2026-03-04T05:06:{row:D2}.1234567Z");
            values[i].ContainsKey("größe [µm]").ShouldBe(row != 3);
            if (row != 3)
                values[i]["größe [µm]"].GetDouble().ShouldBe(row / 4.0);
            var big = 9007199254740990 + row;
            if (big <= 1L << 53)
                values[i]["big"].GetInt64().ShouldBe(big);
            else
                values[i]["big"].GetString().ShouldBe($"{big}");
            values[i]["ok?"].GetBoolean().ShouldBe(row % 2 == 0);
            values[i]["note"].GetString().ShouldBe($"a;\n{row}");
        }
    }

    [Fact]
    public async Task PublishTrainingAsync_LabelInRecord_OnlyTrainingRowsCarryIt()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        var options = Options(broker);
        options.LabelInRecord = true;
        await using var asset = new CsvReplayAsset(CsvTable.Parse(Text, "t.csv"), options);
        await asset.ConnectAsync();
        await asset.PublishTrainingAsync();
        await asset.PublishTestAsync();
        await Wait.Until(() => listener.Count(Rows) == 20);
        Values(listener, Rows, collection: 0).Select(values => values.ContainsKey("kind"))
            .ShouldBe([.. Enumerable.Repeat(true, 14), .. Enumerable.Repeat(false, 6)]);
    }

    [Theory]
    [InlineData("2026-03-04T05:06:07Z", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("2026-03-04 05:06:07.5", "2026-03-04T05:06:07.5000000Z")]
    [InlineData("2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07.0000000Z")]
    [InlineData("1772600767", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("1772600767.25", "2026-03-04T05:06:07.2500000Z")]
    [InlineData("1772600767250", "2026-03-04T05:06:07.2500000Z")]
    public void Read_TimeInManyForms_IsUtc(string text, string expected)
    {
        var table = CsvTable.Parse($"t,y\n{text},a\n", "times");
        CsvTimes.Read(table, table.Column("t"))[0].ToString("O", CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("1e300")]
    public void Constructor_NoTime_NamesLineAndValue(string time)
    {
        var table = CsvTable.Parse($"t,x,y\n{time},1,a\n{time},2,b\n", "t.csv");
        var error = Should.Throw<CsvTimeException>(() => new CsvReplayAsset(table, new CsvReplayAssetOptions { LabelColumn = "y", TimeColumn = "t" }));
        error.Line.ShouldBe(2);
    }

    [Fact]
    public async Task Constructor_Chronological_OrdersByTheTimeColumn()
    {
        var table = CsvTable.Parse("t,x,y\n5,1,a\n3,2,b\n9,3,a\n1,4,b\n", "t.csv");
        await using var asset = new CsvReplayAsset(table, new CsvReplayAssetOptions { LabelColumn = "y", TimeColumn = "t", Split = CsvSplitRule.Chronological, TrainingShare = 0.5 });
        asset.Split.Training.ShouldBe([3, 1]);
        asset.Split.Test.ShouldBe([0, 2]);
    }

    private static CsvReplayAssetOptions Options(Mosquitto broker) => new() { Port = broker.Port, LabelColumn = "kind", TimeColumn = "when", Seed = 3 };

    private static Dictionary<string, JsonElement>[] Values(Listener listener, string topic, int collection)
    {
        var names = listener.On(Metadata)[0].GetProperty("connections")[0].GetProperty("dataPoints")[collection].GetProperty("dataPointDefinitions")
            .EnumerateArray().ToDictionary(point => point.GetProperty("id").GetString()!, point => point.GetProperty("name").GetString()!);
        return [.. listener.On(topic).Select(message => message.GetProperty("vals").EnumerateArray()
            .ToDictionary(val => names[val.GetProperty("id").GetString()!], val => val.GetProperty("val")))];
    }
}
