using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusConsumerTests
{
    [Fact]
    public async Task Metadata_Alone_CreatesTheFeedsWithTheirFields()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync(MetadataTopic, Metadata());

        FeedSchema paste = node.Store.Find(Feed)!;
        paste.Fields.ShouldBe([
            new FeedField("Pad.Height", FieldType.Float64) { SourceType = "Real" },
            new FeedField("Pad.Serial", FieldType.UInt64) { SourceType = "ULInt" },
            new FeedField("Verdict", FieldType.Text) { SourceType = "String" },
        ]);
        paste.Origin.ShouldBe(new FeedOrigin("aoi1", "Line4", "paste"));
        node.Store.Find(SeriesFeed)!.Fields[0].ShouldBe(new FeedField("AccX", FieldType.Text) { SourceType = "Int[]" });
        DatabusAppInfo app = node.Get<IDatabus>().Apps().ShouldHaveSingleItem();
        app.ApplicationName.ShouldBe("AOI Station");
        app.Feeds.ShouldBe([Feed, SeriesFeed]);
    }

    [Theory]
    [InlineData("Bool", "true", true)]
    [InlineData("Bool", "0", false)]
    [InlineData("Bool", "\"1\"", true)]
    [InlineData("Bool", "\"False\"", false)]
    [InlineData("Bool", "2", null)]
    [InlineData("SInt", "-128", -128L)]
    [InlineData("Int", "\"-32768\"", -32768L)]
    [InlineData("DInt", "5.0", 5L)]
    [InlineData("DInt", "5.5", null)]
    [InlineData("LInt", "\"-9223372036854775808\"", long.MinValue)]
    [InlineData("LInt", "9007199254740993", 9007199254740993L)]
    [InlineData("LInt", "\"9223372036854775808\"", null)]
    [InlineData("UDInt", "4294967295", 4294967295L)]
    [InlineData("Byte", "\"255\"", 255L)]
    [InlineData("ULInt", "\"18446744073709551615\"", ulong.MaxValue)]
    [InlineData("LWord", "7", 7UL)]
    [InlineData("LWord", "-7", null)]
    [InlineData("Real", "0.1327", 0.1327)]
    [InlineData("LReal", "\"1.5e3\"", 1500.0)]
    [InlineData("LReal", "\"NaN\"", null)]
    [InlineData("LReal", "\"warm\"", null)]
    [InlineData("LReal", "[2.5]", 2.5)]
    [InlineData("LReal", "[2.5,3]", null)]
    [InlineData("LReal", "[]", null)]
    [InlineData("LReal", "[[1],2]", null)]
    [InlineData("LReal", "{\"v\":1}", null)]
    [InlineData("Char", "\"A\"", "A")]
    [InlineData("String", "\"gr\\u00fc\\u00df\\n\"", "grüß\n")]
    [InlineData("String", "5", "5")]
    [InlineData("String", "\"\\ud800\"", null)]
    [InlineData("Struct", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("Time", "1500", 1_500_000_000L)]
    [InlineData("LTime", "\"1500\"", 1500L)]
    [InlineData("Time", "9223372036854775807", null)]
    [InlineData("Time_Of_Day", "3600000", 3_600_000_000_000L)]
    [InlineData("Time_Of_Day", "\"01:00:00.5\"", 3_600_500_000_000L)]
    [InlineData("LTime_Of_Day", "\"3600000000000\"", 3_600_000_000_000L)]
    [InlineData("Time_Of_Day", "\"noon\"", null)]
    public async Task Value_OfEachType_IsStoredOrBecomesNullAndBad(string dataType, string json, object? expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf(dataType));

        await node.SendAsync(Topic, $$"""{"seq":1,"vals":[{"id":"1","val":{{json}},"ts":"2026-01-01T00:00:00Z","qc":3}]}""");

        Dictionary<string, object?> row = node.Store.Rows(Feed).ShouldHaveSingleItem();
        row["p"].ShouldBe(expected);
        row["_quality"].ShouldBe(expected is null ? 0 : 3);
        node.Report.Misfits.ShouldBe(expected is null ? 1 : 0);
    }

    [Theory]
    [InlineData("Date", "\"2026-03-04\"", "2026-03-04T00:00:00Z")]
    [InlineData("DateTime", "\"2026-03-04T05:06:07.1234567Z\"", "2026-03-04T05:06:07.1234567Z")]
    [InlineData("DateTime", "\"2026-03-04T06:06:07+01:00\"", "2026-03-04T05:06:07Z")]
    public async Task Value_OfTimeType_IsAnInstant(string dataType, string json, string expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf(dataType));

        await node.SendAsync(Topic, $$"""{"vals":[{"id":"1","val":{{json}}}]}""");

        node.Store.Rows(Feed).ShouldHaveSingleItem()["p"].ShouldBe(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Int", "[11,12,-3]", "[11,12,-3]")]
    [InlineData("Int", "[]", "[]")]
    [InlineData("Int", "[7]", "[7]")]
    [InlineData("Int", "7", "[7]")]
    [InlineData("Int", "\"1|2|3\"", "[1,2,3]")]
    [InlineData("String", "[\"a|b\",\"c\"]", "[\"a|b\",\"c\"]")]
    [InlineData("String", "\"a|b\"", "[\"a|b\"]")]
    public async Task Value_OfArrayType_IsTextWithJson(string dataType, string json, string expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf(dataType, valueRank: 1));

        await node.SendAsync(Topic, $$"""{"vals":[{"id":"1","val":{{json}}}]}""");

        node.Store.Rows(Feed).ShouldHaveSingleItem()["p"].ShouldBe(expected);
    }

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
        rows.Select(r => r["AccX"]).ShouldBe(["[1,2]", "[]", "[3]"]);
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
    public async Task Value_BeforeItsMetadata_WaitsAndIsAcknowledgedOnlyThen()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.Bus.Deliver(Topic, Bulk(1, 1.5), number: 1);
        await node.Bus.Deliver(Topic, Bulk(2, 2.5), number: 2);
        node.Report.Buffered.ShouldBe(2);
        await node.SendAsync("ie/m/j/simatic/v1/other/dp", """{"connections":[]}""");
        node.Bus.Acknowledged.ShouldNotContain(1);
        await node.SendAsync(MetadataTopic, Metadata());

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(2), "no acknowledgement");
        node.Report.Buffered.ShouldBe(0);
        node.Store.Rows(Feed).Select(r => r["Pad.Height"]).ShouldBe([1.5, 2.5]);
    }

    [Fact]
    public async Task Value_WhoseMetadataNeverComes_IsPutAsideAndNobodyWaitsForTheNext()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Databus:MetadataTimeout=00:00:00.050"]);

        await node.SendAsync(Topic, Bulk(1, 1.5));
        node.DeadLetters().ShouldHaveSingleItem().ShouldContain("No metadata announces this topic. It waited");
        await node.SendAsync(Topic, Bulk(2, 2.5));
        node.Report.DeadLetters.ShouldBe(2);

        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Bulk(3, 3.5));
        node.Store.Rows(Feed).ShouldHaveSingleItem()["Pad.Height"].ShouldBe(3.5);
    }

    [Fact]
    public async Task Value_TooManyWaitForMetadata_IsPutAsideAtOnce()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Databus:MaxBuffered=2"]);

        await node.Bus.Deliver(Topic, Bulk(1, 1), number: 1);
        await node.Bus.Deliver(Topic, Bulk(2, 2), number: 2);
        await node.SendAsync(Topic, Bulk(3, 3));

        node.DeadLetters().ShouldHaveSingleItem().ShouldContain("MaxBuffered");
        node.Bus.Acknowledged.ShouldNotContain(1);
    }

    [Fact]
    public async Task HashVersion_ChangesMidStream_BuffersUntilTheNewMetadataAndStillReadsTheOld()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata(hash: 7));
        await node.SendAsync(Topic, Bulk(1, 1, hash: 7));

        // From version 8 on, id h1 means another data point.
        await node.Bus.Deliver(Topic, """{"seq":1,"mdHashVer":8,"vals":[{"id":"n1","val":11,"ts":"2026-01-01T00:00:00Z"},{"id":"h1","val":"x","ts":"2026-01-01T00:00:00Z"}]}""", number: 1);
        node.Report.Buffered.ShouldBe(1);
        await node.SendAsync(MetadataTopic, $$"""
            {"hashVersion":8,"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[
              {"name":"Pad.Height","id":"n1","dataType":"Real"},{"name":"Operator","id":"h1","dataType":"String"}]}]}]}
            """);
        await node.SendAsync(Topic, Bulk(2, 2, "2026-03-04T05:06:08Z", hash: 7));

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["Pad.Height"]).ShouldBe([1.0, 11.0, 2.0]);
        rows[1]["Operator"].ShouldBe("x");
        node.Bus.Acknowledged.ShouldContain(1);
        node.Store.Find(Feed)!.Fields.Select(f => f.Name).ShouldBe(["Pad.Height", "Pad.Serial", "Verdict", "Operator"]);
    }

    [Fact]
    public async Task HashVersion_MissingOnEitherSide_MeansTheNewestMetadata()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata(hash: null));

        await node.SendAsync(Topic, Bulk(1, 1, hash: 4711));
        await node.SendAsync(Topic, """{"vals":[{"id":"h1","val":2}]}""");

        node.Store.Rows(Feed).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Metadata_FieldsAdded_ExtendsTheFeedBetweenTwoRows()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata(hash: 7));
        await node.SendAsync(Topic, Bulk(1, 1, hash: 7));

        await node.Bus.Deliver(Topic, Bulk(2, 2, "2026-03-04T05:06:08Z", hash: 7), number: 1);
        await node.SendAsync(MetadataTopic, Metadata(hash: 8, more: """,{"name":"Speed","id":"sp","dataType":"Real"}"""));
        await node.SendAsync(Topic, """{"seq":3,"mdHashVer":8,"vals":[{"id":"h1","val":3},{"id":"sp","val":0.5}]}""");

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["Pad.Height"]).ShouldBe([1.0, 2.0, 3.0]);
        rows[2]["Speed"].ShouldBe(0.5);
        node.Store.Find(Feed)!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Metadata_TypeChanged_StartsANewVersionOfTheFeed()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf("Real"));
        await node.SendAsync(Topic, """{"vals":[{"id":"1","val":1.5}]}""");

        await node.SendAsync(MetadataTopic, MetadataOf("String").Replace("\"hashVersion\":1", "\"hashVersion\":2", StringComparison.Ordinal));
        await node.SendAsync(Topic, """{"vals":[{"id":"1","val":"warm"}]}""");

        node.Store.Find(Feed)!.Version.ShouldBe(2);
        node.Store.Rows(Feed).Select(r => r["p"]).ShouldBe([1.5, "warm"]);
    }

    [Fact]
    public async Task Metadata_ReplayedByTheBroker_ChangesNothing()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());
        int declared = node.Store.Declarations;

        await node.SendAsync(MetadataTopic, Metadata(), retained: true);
        await node.SendAsync(Topic, Bulk(1, 1));

        node.Store.Declarations.ShouldBe(declared);
        node.Store.Rows(Feed).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Metadata_TenThousandDefinitions_BecomeOneWideFeed()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        string definitions = string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"name":"DB1.array.element{{i}}","id":"{{i}}","dataType":"Real","accessMode":"r","acquisitionCycleInMs":100}""")));
        await node.SendAsync(MetadataTopic, $$"""{"hashVersion":1,"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{{definitions}}]}]}]}""");

        string values = string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}","val":{{i}}.5,"qc":3}""")));
        await node.SendAsync(Topic, $$"""{"seq":1,"mdHashVer":1,"vals":[{{values}}]}""");

        Dictionary<string, object?> row = node.Store.Rows(Feed).ShouldHaveSingleItem();
        row["DB1.array.element9999"].ShouldBe(9999.5);
    }

    [Theory]
    [InlineData("{\"hashVersion\":1}", "no list 'connections'")]
    [InlineData("{\"connections\":[{\"name\":\"c\",\"dataPoints\":[{\"name\":\"x\"}]}]}", "collection 'x' of connection 'c' has no topic")]
    [InlineData("{\"connections\":[{\"name\":\"c\",\"dataPoints\":[{\"name\":\"x\",\"topic\":\"a/#\"}]}]}", "nothing can be published")]
    [InlineData("{\"connections\":[{\"name\":\"c\",\"dataPoints\":[{\"name\":\"x\",\"topic\":\"a\",\"dataPointDefinitions\":[{\"name\":\"n\"}]}]}]}", "has no id")]
    [InlineData("{\"connections\":[{\"name\":\"c\",\"dataPoints\":[{\"name\":\"x\",\"topic\":\"a\",\"dataPointDefinitions\":[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}]}]}]}", "more than 2 definitions")]
    [InlineData("{\"connections\":", "cannot be used")]
    [InlineData("7", "no list 'connections'")]
    public async Task Metadata_NotUsable_IsPutAsideWithTheReason(string payload, string reason)
    {
        await using IngestNode node = await IngestNode.StartAsync(["Ingest:MaxFields=2"]);

        await node.SendAsync(MetadataTopic, payload);

        node.DeadLetters().ShouldHaveSingleItem().ShouldContain(reason);
        node.Store.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Metadata_WhatOldConnectorsLeaveOut_IsTolerated()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync(MetadataTopic, $$"""
            {"connections":[{"name":"empty"},{"name":"none","dataPoints":[]},"noise",{"name":"Line4","dataPoints":[
              {"name":"nothing","topic":"t/nothing"},
              {"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{"name":"a","id":1,"dataType":"Int"},{"name":"a","id":2},{"id":"3"}]}]}]}
            """);

        node.Store.List().ShouldHaveSingleItem().Schema.Fields.Select(f => (f.Name, f.Type))
            .ShouldBe([("a", FieldType.Int64), ("a (2)", FieldType.Text), ("3", FieldType.Text)]);
        await node.SendAsync(Topic, """{"vals":[{"id":1,"val":5},{"id":"2","val":"six"}]}""");
        node.Store.Rows(Feed).ShouldHaveSingleItem()["a (2)"].ShouldBe("six");
    }

    [Fact]
    public async Task Metadata_DiskFull_KeepsTheSenderWaitingUntilThereIsRoom()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        node.Store.DeclareFailures.Enqueue(new IOException("No space left on device"));

        ValueTask held = node.Bus.Deliver(MetadataTopic, MetadataOf("Real"), number: 1);
        held.IsCompleted.ShouldBeFalse();
        await held.AsTask().WaitAsync(IngestNode.Patience);

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(1), "no acknowledgement");
        node.Store.Find(Feed).ShouldNotBeNull();
    }

    [Fact]
    public async Task Metadata_NamesAnotherTopic_IsHeardThere()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync(MetadataTopic, MetadataOf("Real").Replace(Topic, "plant/special/topic", StringComparison.Ordinal));
        node.Bus.Filters.ShouldContain("plant/special/topic");
        await node.SendAsync("plant/special/topic", """{"vals":[{"id":"1","val":5}]}""");

        node.Store.Rows(Feed).ShouldHaveSingleItem()["p"].ShouldBe(5.0);
    }

    [Fact]
    public async Task Metadata_TopicOfAnotherApp_StaysWithItsOwner()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf("Real"));

        await node.SendAsync("ie/m/j/simatic/v1/thief/dp", MetadataOf("String"));
        await node.SendAsync(Topic, """{"vals":[{"id":"1","val":5}]}""");

        node.Store.Rows(Feed).ShouldHaveSingleItem()["p"].ShouldBe(5.0);
        node.Logs.Texts(1133).ShouldHaveSingleItem().ShouldContain("thief");
    }

    [Fact]
    public async Task Value_DeliveredTwice_IsStoredOnceAndAcknowledgedTwice()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, Bulk(1, 1));
        await node.SendAsync(Topic, Bulk(1, 1));
        await node.SendAsync(Topic, Bulk(1, 1, "2026-03-04T05:06:08Z"));

        node.Store.Rows(Feed).Count.ShouldBe(2);
        node.Report.Duplicates.ShouldBe(1);
    }

    [Fact]
    public async Task Value_DuplicateOfOneThatIsNotCommitted_IsNotAcknowledgedBeforeIt()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Bulk(1, 1));
        node.Store.Block();
        int attempts = node.Store.Attempts;

        await node.Bus.Deliver(Topic, Bulk(2, 2), number: 2);
        await IngestNode.UntilAsync(() => node.Store.Attempts > attempts, "no commit was tried");
        await node.Bus.Deliver(Topic, Bulk(2, 2), number: 3);
        await IngestNode.UntilAsync(() => node.Report.Duplicates == 1, "the duplicate was not seen");
        node.Bus.Acknowledged.ShouldNotContain(3);
        node.Store.Release();

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(3), "no acknowledgement");
        node.Bus.Acknowledged.Where(n => n is 2 or 3).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Value_WithoutSequenceOrTime_IsNeverTakenForADuplicate()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        for (int i = 0; i < 2; i++)
        {
            await node.SendAsync(Topic, """{"vals":[{"id":"h1","val":1,"ts":"2026-01-01T00:00:00Z"}]}""");
            await node.SendAsync(Topic, """{"seq":5,"vals":[{"id":"h1","val":1}]}""");
            await node.SendAsync(SeriesTopic, $$"""{"seq":{{i}},"ts":"2026-01-01T00:00:00Z","records":[{"vals":[{"id":"t","val":1}]},{"vals":[{"id":"t","val":2}]}]}""");
        }

        node.Store.Rows(Feed).Count.ShouldBe(4);
        node.Store.Rows(SeriesFeed).Count.ShouldBe(4);
        node.Report.Duplicates.ShouldBe(0);
    }

    [Fact]
    public async Task Value_RepeatedOverARestart_IsRecognisedByWhatTheStoreHas()
    {
        var store = new MemoryFeedStore();
        await using (IngestNode node = await IngestNode.StartAsync(store: store))
        {
            await node.SendAsync(MetadataTopic, Metadata());
            await node.SendAsync(Topic, Bulk(1, 1));
            await node.SendAsync(Topic, Bulk(2, 2));
            await node.SendAsync(SeriesTopic, """{"seq":1,"records":[{"rseq":9,"ts":"2026-01-01T00:00:00Z","vals":[{"id":"t","val":1}]}]}""");
        }

        await using IngestNode again = await IngestNode.StartAsync(store: store);
        await again.Bus.Deliver(Topic, Bulk(1, 1), number: 1);
        await again.SendAsync(MetadataTopic, Metadata(), retained: true);
        await again.SendAsync(Topic, Bulk(2, 2));
        await again.SendAsync(Topic, Bulk(3, 3));
        await again.SendAsync(SeriesTopic, """{"seq":1,"records":[{"rseq":9,"ts":"2026-01-01T00:00:00Z","vals":[{"id":"t","val":1}]}]}""");

        again.Bus.Acknowledged.ShouldContain(1);
        store.Rows(Feed).Select(r => r["_seq"]).ShouldBe([1L, 2L, 3L]);
        store.Rows(SeriesFeed).Count.ShouldBe(1);
        again.Report.Duplicates.ShouldBe(3);
    }

    [Fact]
    public async Task OwnApp_ItsPredictions_AreAcknowledgedAndNotTakenIn()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync("ie/m/j/simatic/v1/node1/dp", MetadataOf("Real"));
        await node.SendAsync("ie/d/j/simatic/v1/node1/dp/r/pcb/answers", """{"vals":[{"id":"1","val":5}]}""");
        await node.SendAsync("ie/s/j/simatic/v1/node1/status", "{}");

        node.Store.List().ShouldBeEmpty();
        node.Report.DeadLetters.ShouldBe(0);
        node.Get<IDatabus>().Apps().ShouldBeEmpty();
    }

    [Fact]
    public async Task WriteTopic_WithoutCollection_IsNotSubscribedTo()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        node.Bus.Filters.ShouldNotContain(f => Mlops.Mqtt.MqttTopicFilter.Matches(f, "ie/d/j/simatic/v1/aoi1/dp/w/Line4"));
    }

    [Fact]
    public async Task Status_OfAnApp_IsRemembered()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync(StatusTopic, """{"seq":1,"ts":"2026-01-01T00:00:00Z","connector":{"status":"good"},"connections":[{"name":"Line4","status":"stopped"},7]}""");
        DatabusAppInfo app = node.Get<IDatabus>().Apps().ShouldHaveSingleItem();
        app.Status.ShouldBe("good");
        app.Connections["Line4"].ShouldBe("stopped");
        await node.SendAsync(StatusTopic, """{"connector":{"status":"unavailable"}}""");
        node.Get<IDatabus>().Apps()[0].Status.ShouldBe("unavailable");

        await node.SendAsync(StatusTopic, "oops");
        node.DeadLetters().ShouldHaveSingleItem().ShouldContain("The status cannot be read");
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
    public async Task Value_SteadyTraffic_AllocatesNothingOnTheReadLoop()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Ingest:DuplicateWindow=1000"]);
        node.Store.Forgets = true;
        await node.SendAsync(MetadataTopic, Metadata());
        var consumer = node.Get<DatabusConsumer>();
        const int Rounds = 12;
        const int Messages = 1_000;
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            byte[][] messages = [.. Enumerable.Range((round * Messages) + 1, Messages).Select(i => Encoding.UTF8.GetBytes(Bulk(i, i * 0.5)))];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Pour(consumer, messages);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            await IngestNode.UntilAsync(() => node.Report.Records == (round + 1) * Messages && node.Report.Pending == 0, "records are missing");
        }

        // The first rounds fill the pools of batches. What a message itself cost would be seen in every round.
        least.ShouldBe(0);
    }

    private static void Pour(DatabusConsumer consumer, ReadOnlySpan<byte[]> messages)
    {
        foreach (byte[] payload in messages)
        {
            ValueTask taken = consumer.OnValue(new Messaging.BusMessage { Topic = Topic, Payload = payload, Arrival = 1 });
            if (!taken.IsCompletedSuccessfully)
                taken.AsTask().Wait(IngestNode.Patience).ShouldBeTrue();
        }
    }
}
