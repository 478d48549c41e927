using System.Text;
using Mlops.Data;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusMessageTests
{
    [Fact]
    public async Task Bulk_QuotedAndLarge_IsARowWithSequenceTimeAndQuality()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, """
            {"seq":18,"mdHashVer":7,"ts":"2020-01-01T00:00:00Z","vals":[
              {"id":"h1","val":"0.1327","ts":"2026-03-04T05:06:07.1234567Z","qc":3},
              {"id":"s1","val":"9007199254740993","ts":"2026-03-04T05:06:07.123456789Z","qc":"1","qx":64}]}
            """);

        Dictionary<string, object?> row = node.Store.Rows(Feed).ShouldHaveSingleItem();
        row["Pad.Height"].ShouldBe(0.1327);
        row["Pad.Serial"].ShouldBe(9007199254740993UL);
        row["Verdict"].ShouldBeNull();
        row["_seq"].ShouldBe(18L);
        row["_rseq"].ShouldBeNull();
        row["_quality"].ShouldBe(1);
        row["_timestamp"].ShouldBe(1_772_600_767_123_456_789L);
    }

    [Fact]
    public async Task Bulk_TimesMissing_FallBackToTheMessageAndThenToItsArrival()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());
        long before = EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow);

        await node.SendAsync(Topic, """{"ts":"2026-01-01T00:00:00Z","vals":[{"id":"h1","val":1}]}""");
        await node.SendAsync(Topic, """{"vals":[{"id":"h1","val":2,"ts":"soon"}]}""");

        var rows = node.Store.Rows(Feed);
        rows[0]["_timestamp"].ShouldBe(1_767_225_600_000_000_000L);
        ((long)rows[1]["_timestamp"]!).ShouldBeInRange(before, EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow));
        rows[1]["_received"].ShouldBe(rows[1]["_timestamp"]);
        node.Report.Misfits.ShouldBe(1);
    }

    [Fact]
    public async Task Bulk_UnknownIdsNoQualityNothingInIt_IsTolerated()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, """{"seq":1,"vals":[{"id":"h1","val":1.5},{"id":"zz","val":{"deep":[1,2]}},{"val":3},{"id":null,"val":3},7,{"id":"v1"}],"extra":{"a":[1]}}""");
        await node.SendAsync(Topic, """{"seq":2,"vals":[]}""");
        await node.SendAsync(Topic, """{"seq":3,"vals":[{"id":"zz","val":1}]}""");
        await node.SendAsync(Topic, """{"seq":4,"vals":[{"id":"h1","val":null,"qc":0}]}""");

        var rows = node.Store.Rows(Feed);
        rows.Count.ShouldBe(2);
        rows[0]["Pad.Height"].ShouldBe(1.5);
        rows[0]["_quality"].ShouldBe(3);
        rows[1]["Pad.Height"].ShouldBeNull();
        rows[1]["_quality"].ShouldBe(0);
        node.Report.Misfits.ShouldBe(5);
        node.Report.Gaps.ShouldBe(0);
        node.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public async Task Bulk_KeysInAnyOrder_MeansTheSame()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, """{"vals":[{"qx":64,"val":{"ignored":1},"ts":"2026-01-01T00:00:00Z","id":"zz"},{"val":"2.5","qx":128,"ts":"2026-01-01T00:00:00Z","\u0069d":"\u00681"}],"ts":"2025-01-01T00:00:00Z","mdHashVer":"7","seq":"9"}""");

        Dictionary<string, object?> row = node.Store.Rows(Feed).ShouldHaveSingleItem();
        row["Pad.Height"].ShouldBe(2.5);
        row["_seq"].ShouldBe(9L);
        row["_quality"].ShouldBe(2);
        row["_timestamp"].ShouldBe(1_767_225_600_000_000_000L);
    }

    [Fact]
    public async Task Timeseries_RecordsOutOfOrder_AreSortedByTheirNumber()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(SeriesTopic, """
            {"seq":2,"mdHashVer":7,"records":[
              {"rseq":42,"ts":"2026-03-04T05:06:07.2Z","vals":[{"id":"ax","val":[3],"qc":3}]},
              {"vals":[{"id":"ax","val":[1,2],"qc":3},{"id":"t","val":"20.5","qc":1}],"ts":"2026-03-04T05:06:07.0Z","rseq":40},
              {"rseq":"41","ts":"2026-03-04T05:06:07.1Z","vals":[{"id":"ax","val":[],"qc":3,"ts":"2026-03-04T05:06:07.15Z"}]},
              "noise", {"rseq":43,"ts":"2026-03-04T05:06:07.3Z","vals":[]}]}
            """);

        var rows = node.Store.Rows(SeriesFeed);
        rows.Select(r => r["_rseq"]).ShouldBe([40L, 41L, 42L]);
        rows.Select(r => r["_seq"]).ShouldBe([2L, 2L, 2L]);
        rows.Select(r => r["AccX"]).ShouldBe([new[] { 1L, 2L }, Array.Empty<long>(), new[] { 3L }]);
        rows[0]["Temp"].ShouldBe(20.5);
        rows[0]["_quality"].ShouldBe(1);
        rows[1]["_timestamp"].ShouldBe(1_772_600_767_150_000_000L);
        node.Report.Misfits.ShouldBe(1);
        node.Report.Gaps.ShouldBe(0);
    }

    [Fact]
    public async Task Sequence_NumbersMissing_AreCountedAndARestartIsNot()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        foreach (int seq in new[] { 5, 6, 9, 1, 2, 4 })
            await node.SendAsync(Topic, Bulk(seq, seq));
        await node.SendAsync(SeriesTopic, """{"seq":1,"records":[{"rseq":1,"ts":"2026-01-01T00:00:00Z","vals":[{"id":"t","val":1}]},{"rseq":4,"ts":"2026-01-01T00:00:01Z","vals":[{"id":"t","val":1}]}]}""");

        node.Report.Gaps.ShouldBe(2 + 1 + 2);
        node.Store.Rows(Feed).Count.ShouldBe(6);
    }

    [Fact]
    public async Task BinaryTimeseries_Announced_IsRefusedByName()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata().Replace("\"timeseries\"", "\"binarytimeseries\"", StringComparison.Ordinal));

        await node.SendAsync(SeriesTopic, "\u0001\u0002\u0003");

        node.DeadLetters().ShouldHaveSingleItem().ShouldContain("binarytimeseries");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"vals\":[{\"id\":\"h1\",\"val\":1}]} trailing")]
    [InlineData("{\"records\":{}}")]
    [InlineData("{\"vals\":5}")]
    [InlineData("{\"vals\":[{\"id\":\"h1\",\"val\":1}]")]
    public async Task Value_NotADatabusMessage_IsPutAsideAndTheNextOneIsTaken(string payload)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, payload);
        await node.SendAsync(Topic, "\uFEFF" + Bulk(1, 1));

        node.DeadLetters().ShouldHaveSingleItem();
        node.Store.Rows(Feed).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Value_MutatedAndTruncated_NeverThrowsAndIsAlwaysAcknowledged()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Bulk(1, 1));
        await node.SendAsync(SeriesTopic, """{"records":[]}""");
        byte[][] originals =
        [
            Encoding.UTF8.GetBytes(Bulk(2, 2.5)),
            """{"seq":2,"mdHashVer":7,"records":[{"rseq":40,"ts":"2026-03-04T05:06:07Z","vals":[{"id":"ax","val":[11,"x\u00e9",{"a":null}],"qc":3},{"id":"t","val":"1"}]},{"rseq":1,"vals":[{"val":true,"id":"t"}]}]}"""u8.ToArray(),
        ];
        var random = new Random(5);
        const int Count = 4_000;
        for (int i = 1; i <= Count; i++)
        {
            byte[] original = originals[i % 2];
            byte[] mutated = random.Next(3) == 0 ? original[..random.Next(original.Length)] : [.. original];
            for (int m = random.Next(4); m > 0 && mutated.Length > 0; m--)
                mutated[random.Next(mutated.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0-e\\u"[random.Next(12)];
            await node.Bus.Deliver(i % 2 == 0 ? Topic : SeriesTopic, mutated, number: i).AsTask().WaitAsync(IngestNode.Patience);
        }

        // A hash version that nobody announces makes a message wait; all others are done with.
        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Count(n => n <= Count) + node.Report.Buffered == Count, "not all were acknowledged");
        node.Report.DeadLetters.ShouldBeGreaterThan(Count / 4);
        node.Logs.Texts(1131).ShouldBeEmpty();
        node.Logs.Entries.ShouldNotContain(e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Quality_OfSingleValues_IsKeptBesideTheWorstOfTheRow()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, """{"seq":1,"vals":[{"id":"h1","val":1,"qc":3},{"id":"s1","val":"2","qc":3,"qx":192}]}""");
        node.Store.Find(Feed)!.IndexOf("_qualities").ShouldBe(-1);
        await node.SendAsync(Topic, """{"seq":2,"vals":[{"id":"h1","val":2,"qc":1,"qx":80},{"id":"s1","val":"2","qc":3},{"id":"v1","val":"x","qc":2}]}""");
        await node.SendAsync(Topic, """{"seq":3,"vals":[{"id":"h1","val":"warm","qc":3}]}""");
        await node.SendAsync(SeriesTopic, """{"seq":1,"records":[{"rseq":1,"vals":[{"id":"t","val":1}]},{"rseq":2,"vals":[{"id":"t","val":1,"qc":0,"qx":4}]}]}""");

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["_seq"]).ShouldBe([1L, 2L, 3L]);
        rows.Select(r => r["_quality"]).ShouldBe([3, 1, 0]);
        rows[1]["_qualities"].ShouldBe(new[] { "Pad.Height=1/80", "Verdict=2" });
        rows[2]["_qualities"].ShouldBe(new[] { "Pad.Height=0" });
        var series = node.Store.Rows(SeriesFeed);
        series[0]["_qualities"].ShouldBeNull();
        series[1]["_qualities"].ShouldBe(new[] { "Temp=0/4" });
        node.Report.Gaps.ShouldBe(0);
        node.Store.Find(Feed)!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Single_OfOldConnectors_IsARowForEachValue()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata().Replace("\"bulk\"", "\"single\"", StringComparison.Ordinal));

        await node.SendAsync(Topic, """{"seq":1,"val":0.5,"ts":"2026-01-01T00:00:00Z","qc":2}""");
        await node.SendAsync(Topic + "/Pad.Serial", """{"seq":1,"val":"9007199254740993","ts":"2026-01-01T00:00:01Z","qc":3}""");

        var rows = node.Store.Rows(Feed);
        rows[0]["Pad.Height"].ShouldBe(0.5);
        rows[0]["_quality"].ShouldBe(2);
        rows[0]["_timestamp"].ShouldBe(1_767_225_600_000_000_000L);
        rows[1]["Pad.Serial"].ShouldBe(9007199254740993UL);
        rows[1]["Pad.Height"].ShouldBeNull();
        node.DeadLetters().ShouldBeEmpty();
    }
}
