using System.Globalization;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusMetadataTests
{
    [Fact]
    public async Task Metadata_Alone_CreatesTheFeedsWithTheirFields()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync(MetadataTopic, Metadata());

        FeedSchema paste = node.Store.Find(Feed)!;
        paste.Fields.ShouldBe([
            new FeedField("Pad.Height", FieldType.Float64) { Id = "h1", SourceType = "Real" },
            new FeedField("Pad.Serial", FieldType.UInt64) { Id = "s1", SourceType = "ULInt" },
            new FeedField("Verdict", FieldType.Text) { Id = "v1", SourceType = "String" },
        ]);
        paste.Origin.ShouldBe(new FeedOrigin("aoi1", "Line4", "paste"));
        node.Store.Find(SeriesFeed)!.Fields[0].ShouldBe(new FeedField("AccX", FieldType.Int64List) { Id = "ax", SourceType = "Int[]" });
        DatabusAppInfo app = node.Get<IDatabus>().Apps().ShouldHaveSingleItem();
        app.ApplicationName.ShouldBe("AOI Station");
        app.Feeds.ShouldBe([Feed, SeriesFeed]);
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
    public async Task HashVersion_AnnouncedBeforeARestart_IsReadBeforeAndBehindNewerMetadata()
    {
        var store = new MemoryFeedStore();
        string folder = Directory.CreateTempSubdirectory("mlops-recall-").FullName;
        try
        {
            await using (IngestNode node = await IngestNode.StartAsync(store: store, folder: folder))
            {
                await node.SendAsync(MetadataTopic, Metadata(hash: 7));
                await node.SendAsync(MetadataTopic, Metadata(hash: 8, more: """,{"name":"Speed","id":"sp","dataType":"Real"}"""));
                await node.SendAsync(Topic, Bulk(1, 1, hash: 8));
            }

            await using IngestNode again = await IngestNode.StartAsync(store: store, folder: folder);
            await again.SendAsync(Topic, Bulk(2, 2, hash: 7));
            await again.Bus.Deliver(Topic, """{"seq":3,"vals":[{"id":"h1","val":3}]}""", number: 1);
            await again.Bus.Deliver(Topic, Bulk(4, 4, hash: 9), number: 2);
            again.Report.Buffered.ShouldBe(2);
            again.Get<IDatabus>().Apps().ShouldBeEmpty();
            await again.SendAsync(MetadataTopic, Metadata(hash: 9), retained: true);
            await again.SendAsync(Topic, Bulk(5, 5, "2026-03-04T05:06:09Z", hash: 8));

            await IngestNode.UntilAsync(() => again.Bus.Acknowledged.Contains(2), "no acknowledgement");
            store.Rows(Feed).Select(r => r["Pad.Height"]).ShouldBe([1.0, 2.0, 3.0, 4.0, 5.0]);
            again.Report.DeadLetters.ShouldBe(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task HashVersion_OfAnAppThatIsGone_LeavesItsTopicToAnother()
    {
        var store = new MemoryFeedStore();
        string folder = Directory.CreateTempSubdirectory("mlops-recall-").FullName;
        try
        {
            await using (IngestNode node = await IngestNode.StartAsync(store: store, folder: folder))
                await node.SendAsync(MetadataTopic, Metadata());

            await using IngestNode again = await IngestNode.StartAsync(store: store, folder: folder);
            await again.SendAsync("ie/m/j/simatic/v1/heir/dp", MetadataOf("Real"));
            await again.SendAsync(Topic, """{"mdHashVer":1,"vals":[{"id":"1","val":5}]}""");

            store.Rows("heir.line4.paste").ShouldHaveSingleItem()["p"].ShouldBe(5.0);
            again.Logs.Texts(1133).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
    public async Task Metadata_TenThousandDefinitions_BecomeALongFeedWithARecordAValue()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        string definitions = string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"name":"DB1.array.element{{i}}","id":"{{i}}","dataType":"{{(i % 2 == 0 ? "Real" : "String")}}","accessMode":"r","acquisitionCycleInMs":100}""")));
        await node.SendAsync(MetadataTopic, $$"""{"hashVersion":1,"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{{definitions}}]}]}]}""");
        node.Store.Find(Feed)!.Fields.Select(f => (f.Name, f.Type)).ShouldBe([("point", FieldType.Text), ("float64", FieldType.Float64), ("text", FieldType.Text)]);

        string values = string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}","val":{{i}}.5,"qc":3}""")));
        for (int repeated = 0; repeated < 2; repeated++)
            await node.SendAsync(Topic, $$"""{"seq":1,"mdHashVer":1,"vals":[{{values}}],"ts":"2026-01-01T00:00:00Z"}""");

        var rows = node.Store.Rows(Feed);
        rows.Count.ShouldBe(10_000);
        rows[9998]["point"].ShouldBe("DB1.array.element9998");
        rows[9998]["float64"].ShouldBe(9998.5);
        rows[9999]["text"].ShouldBe("9999.5");
        rows[9999]["float64"].ShouldBeNull();
        rows.ShouldAllBe(r => (long)r["_timestamp"]! == 1_767_225_600_000_000_000L && (long)r["_seq"]! == 1);
        node.Report.Duplicates.ShouldBe(10_000);
    }

    [Fact]
    public async Task LongFeed_ValuesWithTheirOwnTimeAndQuality_KeepThem()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Databus:MaxColumns=1"]);
        await node.SendAsync(MetadataTopic, Metadata());

        await node.SendAsync(Topic, """{"seq":1,"mdHashVer":7,"vals":[{"id":"h1","val":1.5,"ts":"2026-01-01T00:00:00Z","qc":1},{"id":"zz","val":1},{"val":"x","id":"v1"}]}""");
        await node.SendAsync(SeriesTopic, """{"seq":2,"records":[{"rseq":2,"ts":"2026-01-01T00:00:01Z","vals":[{"id":"t","val":2}]},{"rseq":1,"ts":"2026-01-01T00:00:00Z","vals":[{"id":"ax","val":[1,2]},{"id":"t","val":1}]}]}""");

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["point"]).ShouldBe(["Pad.Height", "Verdict"]);
        rows.Select(r => r["_quality"]).ShouldBe([1, 3]);
        rows[0]["_timestamp"].ShouldBe(1_767_225_600_000_000_000L);
        rows[0]["_qualities"].ShouldBe(new[] { "Pad.Height=1" });
        rows[1]["text"].ShouldBe("x");
        rows[1]["_timestamp"].ShouldBe(rows[1]["_received"]);
        var series = node.Store.Rows(SeriesFeed);
        series.Select(r => (r["point"], r["_rseq"])).ShouldBe([("AccX", 1L), ("Temp", 1L), ("Temp", 2L)]);
        series[0]["int64List"].ShouldBe(new[] { 1L, 2L });
        series[2]["float64"].ShouldBe(2.0);
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
}
