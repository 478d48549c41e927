using Microsoft.Extensions.DependencyInjection;
using Mlops.Tests.Store;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Ingest.Assembly;

public sealed class RowAssemblyTests
{
    private static readonly string[] Latest = [$"Ingest:Assembly:0:Feed={Feed}", "Ingest:Assembly:0:Mode=Latest", "Ingest:Assembly:0:MaxAge=00:00:10"];

    [Fact]
    public async Task Latest_PartialMessages_GetTheLastKnownValuesThatAreNotTooOld()
    {
        await using IngestNode node = await IngestNode.StartAsync(Latest);
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, Value("h1", "1.5", 0, quality: 1));
        await node.SendAsync(Topic, Value("v1", "\"ok\"", 5));
        await node.SendAsync(Topic, Value("s1", "7", 11));
        await node.SendAsync(Topic, Value("v1", "\"late\"", 2));
        await node.SendAsync(Topic, Value("s1", "8", 12));

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["Pad.Height"]).ShouldBe([1.5, 1.5, null, 1.5, null]);
        rows.Select(r => r["Verdict"]).ShouldBe([null, "ok", "ok", "late", "ok"]);
        rows.Select(r => r["Pad.Serial"]).ShouldBe([null, null, 7UL, null, 8UL]);
        rows.Select(r => r["_quality"]).ShouldBe([1, 1, 3, 1, 3]);
        rows[1]["_seq"].ShouldBe(5L);
    }

    [Fact]
    public async Task Latest_MessageRepeated_IsStillRecognised()
    {
        await using IngestNode node = await IngestNode.StartAsync(Latest);
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, Value("h1", "1.5", 3));
        await node.SendAsync(Topic, Value("h1", "1.5", 3));

        node.Store.Rows(Feed).Count.ShouldBe(1);
        node.Report.Duplicates.ShouldBe(1);
    }

    [Fact]
    public async Task Latest_FieldsAdded_KeepsWhatIsKnown()
    {
        await using IngestNode node = await IngestNode.StartAsync(Latest);
        await node.SendAsync(MetadataTopic, Metadata(hash: 7));
        await node.SendAsync(Topic, Value("h1", "1.5", 0));

        await node.SendAsync(MetadataTopic, Metadata(hash: 8, more: """,{"name":"Speed","id":"sp","dataType":"Int","valueRank":1}"""));
        await node.SendAsync(Topic, Value("sp", "[1,2]", 1));
        await node.SendAsync(Topic, Value("v1", "\"x\"", 2));

        var rows = node.Store.Rows(Feed);
        rows[^1]["Pad.Height"].ShouldBe(1.5);
        rows[^1]["Speed"].ShouldBe(new[] { 1L, 2L });
    }

    [Fact]
    public async Task Latest_BrokenMessage_LeavesNothingBehind()
    {
        await using IngestNode node = await IngestNode.StartAsync(Latest);
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, """{"vals":[{"id":"h1","val":9}]} trailing""");
        await node.SendAsync(Topic, Value("v1", "\"x\"", 2));

        node.DeadLetters().ShouldHaveSingleItem();
        node.Store.Rows(Feed).ShouldHaveSingleItem()["Pad.Height"].ShouldBeNull();
    }

    [Fact]
    public async Task Cycle_MessagesInBetween_AreARowAtTheEndOfEachPeriod()
    {
        var time = new ManualTime();
        await using IngestNode node = await IngestNode.StartAsync(
            ["Ingest:Assembly:0:Feed=aoi1.*", "Ingest:Assembly:0:Mode=Cycle", "Ingest:Assembly:0:Period=00:00:02", "Ingest:Assembly:0:MaxAge=00:00:03"],
            configure: services => services.AddSingleton<TimeProvider>(time));
        await node.SendAsync(MetadataTopic, Metadata());

        time.Advance(TimeSpan.FromSeconds(2));
        await node.SendAsync(Topic, Value("h1", "1", 0));
        await node.SendAsync(Topic, Value("h1", "2", 1));
        await node.SendAsync(Topic, Value("v1", "\"ok\"", 2));
        node.Store.Rows(Feed).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(2));
        await IngestNode.UntilAsync(() => node.Store.Rows(Feed).Count == 1, "no row of the first cycle");
        await node.SendAsync(Topic, Value("v1", "\"new\"", 3));
        time.Advance(TimeSpan.FromSeconds(2));
        await IngestNode.UntilAsync(() => node.Store.Rows(Feed).Count == 2, "no row of the second cycle");
        time.Advance(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2));

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["Pad.Height"]).ShouldBe([2.0, null]);
        rows.Select(r => r["Verdict"]).ShouldBe(["ok", "new"]);
        rows.ShouldAllBe(r => (long)r["_timestamp"]! % 2_000_000_000 == 0);
        node.Report.Records.ShouldBe(2);
    }

    [Fact]
    public async Task Cycle_StoreCannotKeepUp_LeavesRowsOutAndCountsThem()
    {
        var time = new ManualTime();
        await using IngestNode node = await IngestNode.StartAsync(
            ["Ingest:Assembly:0:Feed=aoi1.*", "Ingest:Assembly:0:Mode=Cycle", "Ingest:Assembly:0:MaxAge=01:00:00", "Ingest:MaxPendingRecords=3"],
            configure: services => services.AddSingleton<TimeProvider>(time));
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Value("h1", "1", 0));
        node.Store.Block();

        for (int i = 0; i < 10; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        node.Report.CyclesLeftOut.ShouldBe(7);
        node.Store.Release();

        await IngestNode.UntilAsync(() => node.Store.Rows(Feed).Count == 3, "the rows that were made are not stored");
        (node.Report.Records, node.Report.Pending).ShouldBe((3, 0));
    }

    private static string Value(string id, string json, int second, int quality = 3) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{"seq":{{second}},"vals":[{"id":"{{id}}","val":{{json}},"ts":"2026-01-01T00:00:{{second:00}}Z","qc":{{quality}}}]}""");
}
