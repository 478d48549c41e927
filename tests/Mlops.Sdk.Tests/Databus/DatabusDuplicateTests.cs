using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusDuplicateTests
{
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
}
