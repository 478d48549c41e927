using Mlops.Data;
using Mlops.Ingest.Mapping;

namespace Mlops.Tests.Ingest.PlainJson;

public sealed class PlainJsonMappingTests
{
    [Theory]
    [InlineData(TimestampFormat.Auto, "\"2026-01-01T00:00:00Z\"", 1_767_225_600_000_000_000)]
    [InlineData(TimestampFormat.Auto, "\"1767225600\"", 1_767_225_600_000_000_000)]
    [InlineData(TimestampFormat.Iso8601, "\"2026-01-01 01:00+01:00\"", 1_767_225_600_000_000_000)]
    [InlineData(TimestampFormat.Iso8601, "1767225600", null)]
    [InlineData(TimestampFormat.Seconds, "1.5", 1_500_000_000L)]
    [InlineData(TimestampFormat.Seconds, "\"2026-01-01T00:00:00Z\"", null)]
    [InlineData(TimestampFormat.Milliseconds, "5", 5_000_000L)]
    [InlineData(TimestampFormat.Microseconds, "\"5\"", 5_000L)]
    [InlineData(TimestampFormat.Nanoseconds, "1767225600000000001", 1_767_225_600_000_000_001)]
    [InlineData(TimestampFormat.Nanoseconds, "true", null)]
    [InlineData(TimestampFormat.Seconds, "1e30", null)]
    public async Task Timestamp_OfEachFormat_IsReadOrThatOfTheArrival(TimestampFormat format, string json, long? expected)
    {
        await using IngestNode node = await StartAsync(new JsonMapping { Topic = "m", Feed = "m", TimestampField = "at", TimestampFormat = format });

        await node.SendAsync("m", $$"""{"at":{{json}},"v":1}""");

        Dictionary<string, object?> row = node.Store.Rows("m").ShouldHaveSingleItem();
        row["_timestamp"].ShouldBe(expected ?? row["_received"]);
        node.Report.Misfits.ShouldBe(expected is null ? 1 : 0);
        row.Keys.ShouldNotContain("at");
    }

    [Fact]
    public async Task Timestamp_Arrival_LeavesTheFieldToBeAValue()
    {
        await using IngestNode node = await StartAsync(new JsonMapping { Topic = "m", Feed = "m", TimestampField = "", TimestampFormat = TimestampFormat.Arrival });

        await node.SendAsync("m", """{"timestamp":"2026-01-01T00:00:00Z","v":1}""");

        Dictionary<string, object?> row = node.Store.Rows("m").ShouldHaveSingleItem();
        row["timestamp"].ShouldBe("2026-01-01T00:00:00Z");
        row["_timestamp"].ShouldBe(row["_received"]);
    }

    [Fact]
    public async Task Paths_IntoLists_TakeSingleElements()
    {
        await using IngestNode node = await StartAsync(new JsonMapping
        {
            Topic = "m",
            Feed = "m",
            TimestampField = "head[0].at",
            Fields = [new JsonMappingField("first", "axes[0].speed"), new JsonMappingField("third", "wave.2"), new JsonMappingField("deep", "grid[1][0]"), new JsonMappingField("all", "whole")],
        });

        await node.SendAsync("m", """{"head":[{"at":5}],"axes":[{"speed":1,"x":0},{"speed":2}],"wave":[7,8,9],"grid":[[1,2],[3,4]],"whole":[1,2]}""");
        await node.SendAsync("m", """{"axes":[],"wave":"x","grid":{},"whole":[]}""");

        var rows = node.Store.Rows("m");
        rows[0].Where(r => r.Key[0] != '_').Select(r => r.Value).ShouldBe([1.0, 9.0, 3.0, new[] { 1.0, 2.0 }]);
        rows[0]["_timestamp"].ShouldBe(5_000_000_000L);
        rows[1]["all"].ShouldBe(Array.Empty<double>());
        rows[1]["first"].ShouldBeNull();
        node.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_InsideAMessage_AreFoundOrTheMessageIsPutAside()
    {
        await using IngestNode node = await StartAsync(new JsonMapping { Topic = "m", Feed = "m", Records = "data.readings" });

        await node.SendAsync("m", """{"x":1,"data":{"y":[1],"readings":[{"v":1},{"v":2}],"z":{}},"w":0}""");
        await node.SendAsync("m", """{"data":{"readings":{"v":3}}}""");
        await node.SendAsync("m", """{"data":{"other":[]}}""");
        await node.SendAsync("m", """{"data":{"readings":[{"v":4}]},""");

        node.Store.Rows("m").Select(r => r["v"]).ShouldBe([1.0, 2.0, 3.0]);
        string[] letters = node.DeadLetters();
        letters.Length.ShouldBe(2);
        letters[0].ShouldContain("no 'readings' on the way to its records");
    }

    [Fact]
    public async Task Types_Given_RuleOverWhatTheFirstValueWas()
    {
        await using IngestNode node = await StartAsync(new JsonMapping
        {
            Topic = "m",
            Feed = "m",
            Fields = [
                new JsonMappingField("count", "n") { Type = FieldType.Int64 }, new JsonMappingField("code", "c") { Type = FieldType.Text },
                new JsonMappingField("since", "s") { Type = FieldType.Timestamp }, new JsonMappingField("list", "l") { Type = FieldType.Int64List, Unit = "mm" }],
        });

        await node.SendAsync("m", """{"n":3,"c":7,"s":1767225600,"l":5}""");

        node.Store.Find("m")!.Fields[3].ShouldBe(new FeedField("list", FieldType.Int64List) { Unit = "mm" });
        Dictionary<string, object?> row = node.Store.Rows("m").ShouldHaveSingleItem();
        (row["count"], row["code"]).ShouldBe((3L, "7"));
        row["since"].ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600));
        row["list"].ShouldBe(new[] { 5L });
    }

    [Fact]
    public async Task Retained_MessageTakenBefore_IsNotStoredAgainNotEvenAfterARestart()
    {
        string folder = Directory.CreateTempSubdirectory("mlops-retained-").FullName;
        try
        {
            await using (IngestNode node = await StartAsync(new JsonMapping { Topic = "m/+", Feed = "m" }, folder))
            {
                await node.SendAsync("m/1", """{"v":1}""", retained: true);
                await node.SendAsync("m/1", """{"v":1}""", retained: true);
                await node.SendAsync("m/1", """{"v":2}""");
                await node.SendAsync("m/1", """{"v":2}""", retained: true);
                await node.SendAsync("m/2", """{"v":2}""", retained: true);
                await node.SendAsync("m/1", """{"v":2}""");
                node.Store.Rows("m").Select(r => r["v"]).ShouldBe([1.0, 2.0, 2.0, 2.0]);
                node.Report.RetainedRepeats.ShouldBe(2);
                await node.StopAsync();
            }

            await using IngestNode again = await IngestNode.StartAsync(folder: folder);
            await again.SendAsync("m/1", """{"v":2}""", retained: true);
            await again.SendAsync("m/2", """{"v":3}""", retained: true);
            again.Store.Rows("m").ShouldHaveSingleItem()["v"].ShouldBe(3.0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IngestNode> StartAsync(JsonMapping mapping, string? folder = null)
    {
        IngestNode node = await IngestNode.StartAsync(folder: folder);
        await node.Get<IMappings>().AddAsync(mapping);
        return node;
    }
}
