using System.Globalization;
using System.Text;
using Mlops.Data;

namespace Mlops.Tests.Ingest.PlainJson;

public sealed class PlainJsonConsumerTests
{
    private static readonly string[] Everything = ["Ingest:Subscriptions:0:Topic=plant/+/press", "Ingest:Subscriptions:0:Feed=press.{2}"];

    [Fact]
    public async Task Message_FlatAndNested_MapsByItself()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);

        await node.SendAsync("plant/4/press", """{"timestamp":"2026-01-01T00:00:00Z","force":12,"ok":true,"part":"A-1","motor":{"temp":40.5,"gear":{"n":2}},"list":[1, 2],"nothing":null,"empty":{}}""");

        node.Store.Find("press.4")!.Fields.Select(f => (f.Name, f.Type)).ShouldBe([
            ("force", FieldType.Float64), ("ok", FieldType.Boolean), ("part", FieldType.Text), ("motor.temp", FieldType.Float64), ("motor.gear.n", FieldType.Float64), ("list", FieldType.Float64List)]);
        Dictionary<string, object?> row = node.Store.Rows("press.4").ShouldHaveSingleItem();
        row["force"].ShouldBe(12.0);
        row["ok"].ShouldBe(true);
        row["part"].ShouldBe("A-1");
        row["motor.gear.n"].ShouldBe(2.0);
        row["list"].ShouldBe(new[] { 1.0, 2.0 });
        row["_timestamp"].ShouldBe(1_767_225_600_000_000_000L);
        row["_quality"].ShouldBe(3);
    }

    [Fact]
    public async Task Message_NewFields_ExtendTheFeed()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);

        await node.SendAsync("plant/4/press", """{"a":1}""");
        await node.SendAsync("plant/4/press", """{"b":"x","a":2}""");
        await node.SendAsync("plant/4/press", """{"a":3}""");
        await node.SendAsync("plant/5/press", """{"a":4}""");

        node.Store.Rows("press.4").Select(r => r["a"]).ShouldBe([1.0, 2.0, 3.0]);
        node.Store.Rows("press.4").Select(r => r.GetValueOrDefault("b")).ShouldBe([null, "x", null]);
        node.Store.Rows("press.5").ShouldHaveSingleItem();
        node.Store.Declarations.ShouldBe(3);
    }

    [Fact]
    public async Task Message_ValuesChosen_TakesOnlyThem()
    {
        await using IngestNode node = await IngestNode.StartAsync([
            "Ingest:Subscriptions:0:Topic=m/#", "Ingest:Subscriptions:0:Feed=machine", "Ingest:Subscriptions:0:TimestampField=meta.at",
            "Ingest:Subscriptions:0:Values:temperature=motor.temp", "Ingest:Subscriptions:0:Values:force=f"]);

        await node.SendAsync("m/1", """{"other":1}""");
        await node.SendAsync("m/1", """{"f":5,"other":1,"motor":{"temp":40,"rpm":3},"meta":{"at":1700000000123}}""");

        Dictionary<string, object?> row = node.Store.Rows("machine").ShouldHaveSingleItem();
        row.Keys.Where(k => k[0] != '_').ShouldBe(["force", "temperature"]);
        row["temperature"].ShouldBe(40.0);
        row["_timestamp"].ShouldBe(1_700_000_000_123_000_000L);
    }

    [Fact]
    public async Task Message_ListOfObjects_IsSeveralRecords()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);

        await node.SendAsync("plant/4/press", """[{"timestamp":1,"a":1},{"timestamp":2.5,"a":2,"b":3}]""");
        await node.SendAsync("plant/4/press", """[{"a":7},{"a":8},{"a":""");

        node.Store.Rows("press.4").Select(r => r["a"]).ShouldBe([1.0, 2.0]);
        node.Store.Rows("press.4").Select(r => r["_timestamp"]).ShouldBe([1_000_000_000L, 2_500_000_000L]);
        node.DeadLetters().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Message_BareValue_IsAFieldNamedValue()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);

        await node.SendAsync("plant/4/press", "23.5");

        node.Store.Rows("press.4").ShouldHaveSingleItem()["value"].ShouldBe(23.5);
    }

    [Fact]
    public async Task Value_OfAnotherTypeThanBefore_IsReadAsThatTypeOrNullAndBad()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);
        await node.SendAsync("plant/4/press", """{"n":1,"t":"x","b":true}""");

        await node.SendAsync("plant/4/press", """{"n":"2.5","t":7,"b":0}""");
        await node.SendAsync("plant/4/press", """{"n":"warm","t":{"deep":1},"b":"perhaps"}""");

        var rows = node.Store.Rows("press.4");
        rows[1]["n"].ShouldBe(2.5);
        rows[1]["t"].ShouldBe("7");
        rows[1]["b"].ShouldBe(false);
        rows[2]["n"].ShouldBeNull();
        rows[2]["t.deep"].ShouldBe(1.0);
        rows[2]["_quality"].ShouldBe(0);
        node.Report.Misfits.ShouldBe(2);
    }

    [Fact]
    public async Task Message_WithoutUsableTime_GetsThatOfItsArrival()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);
        long before = EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow);

        await node.SendAsync("plant/4/press", """{"a":1}""");
        await node.SendAsync("plant/4/press", """{"a":2,"timestamp":"yesterday"}""");

        foreach (Dictionary<string, object?> row in node.Store.Rows("press.4"))
            ((long)row["_timestamp"]!).ShouldBeGreaterThanOrEqualTo(before);
        node.Report.Misfits.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("{\"a\":1", "cannot be read")]
    [InlineData("{\"a\":1} x", "cannot be read")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", "more than 3 fields")]
    public async Task Message_NotUsable_IsPutAside(string payload, string reason)
    {
        await using IngestNode node = await IngestNode.StartAsync([.. Everything, "Ingest:MaxFields=3"]);

        await node.SendAsync("plant/4/press", payload);

        node.DeadLetters().ShouldHaveSingleItem().ShouldContain(reason);
        node.Store.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Message_TopicTooShortForTheFeed_IsPutAside()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Ingest:Subscriptions:0:Topic=a/#", "Ingest:Subscriptions:0:Feed=x.{3}"]);

        await node.SendAsync("a/b", """{"v":1}""");

        node.DeadLetters().ShouldHaveSingleItem().ShouldContain("more segments");
    }

    [Fact]
    public async Task Filter_WideOne_LeavesTheDatabusToItself()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Ingest:Subscriptions:0:Topic=#", "Ingest:Subscriptions:0:Feed=all.{1}"]);

        await node.SendAsync("ie/s/j/simatic/v1/app/status", """{"connector":{"status":"good"}}""");
        await node.SendAsync("x/y", """{"v":1}""");

        node.Store.List().Select(f => f.Schema.Feed).ShouldBe(["all.x"]);
    }

    [Fact]
    public async Task Message_Mutated_NeverThrowsAndIsAlwaysAcknowledged()
    {
        await using IngestNode node = await IngestNode.StartAsync([.. Everything, "Ingest:MaxFields=50"]);
        byte[] original = """{"timestamp":"2026-01-01T00:00:00Z","force":12,"part":"A-\u00e9","motor":{"temp":40.5},"list":[1,{"x":2}]}"""u8.ToArray();
        var random = new Random(9);
        const int Count = 2_000;
        for (int i = 1; i <= Count; i++)
        {
            byte[] mutated = random.Next(3) == 0 ? original[..random.Next(original.Length)] : [.. original];
            for (int m = random.Next(4); m > 0 && mutated.Length > 0; m--)
                mutated[random.Next(mutated.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0-e\\u"[random.Next(12)];
            await node.Bus.Deliver("plant/4/press", mutated, number: i).AsTask().WaitAsync(IngestNode.Patience);
        }

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Count(n => n <= Count) == Count, "not all were acknowledged");
        node.Report.DeadLetters.ShouldBeGreaterThan(Count / 4);
        node.Logs.Texts(1111).ShouldBeEmpty();
    }

    [Fact]
    public async Task Message_SteadyTraffic_KeepsItsOrder()
    {
        await using IngestNode node = await IngestNode.StartAsync(Everything);

        for (int i = 1; i <= 500; i++)
            await node.Bus.Deliver("plant/4/press", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"a\":{i}}}")), number: i);
        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(500), "not all were acknowledged");

        node.Store.Rows("press.4").Select(r => r["a"]).ShouldBe(Enumerable.Range(1, 500).Select(i => (object)(double)i));
    }
}
