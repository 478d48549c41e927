using Microsoft.Extensions.DependencyInjection;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store;

public class StoreKeeperTests
{
    [Fact]
    public async Task Status_SeveralFeeds_GivesSizeAndGrowth()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(configure: s => s.AddSingleton<TimeProvider>(time));
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.DeclareAsync("empty", ("n", FieldType.Int64));
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        await node.CommitAsync(schema, [.. Enumerable.Range(0, 400).Select(i => (now - (i * 3600L), new object?[] { i }))]);
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (now, [1]));

        StoreStatus status = node.Get<IStoreKeeper>().Status();

        (status.Trouble, status.Damaged.Count).ShouldBe((null, 0));
        status.DatabaseBytes.ShouldBeGreaterThan(0);
        status.FreeBytes.ShouldBeGreaterThan(0);
        (status.Feeds[0].Feed, status.Feeds[0].Records, status.Feeds[0].Bytes, status.Feeds[0].Last, status.Feeds[0].BytesPerDay).ShouldBe(("empty", 0, 0, null, 0.0));
        FeedStorage feed = status.Feeds[1];
        (feed.Feed, feed.Records, feed.Files, feed.Last).ShouldBe(("f", 401, 1, time.GetUtcNow()));
        feed.Bytes.ShouldBe(feed.LogBytes + new FileInfo(Path.Combine(node.Feeds, node.Files()[0])).Length);
        feed.RecordsPerDay.ShouldBe(401 / 7.0, 0.01);
        feed.BytesPerDay.ShouldBe(feed.Bytes / 7.0, 0.01);
    }

    [Fact]
    public async Task Verify_FlippedBitInAFileAndInTheLog_NamesBothSetsThemAsideAndTheRestGoesOn()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 0; i < 3; i++)
        {
            await node.CommitAsync(schema, (i, [i]));
            await node.Closer.CloseAllAsync();
        }

        await node.CommitAsync(schema, (3, [3]));
        await node.CommitAsync(schema, (4, [4]));
        var keeper = node.Get<IStoreKeeper>();
        StoreVerification sound = await keeper.VerifyAsync();
        (sound.Files, sound.LogRows, sound.Damaged.Count).ShouldBe((3, 2, 0));

        string path = Path.Combine(node.Feeds, node.Files()[1]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[10] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await node.Database.WriteAsync(c => c.Run("UPDATE log SET checksum = checksum + 1 WHERE first = 4"));
        StoreVerification found = await keeper.VerifyAsync();

        found.Damaged.Select(d => (d.Feed, d.First, d.Count, d.Path)).ShouldBe(
            [("f", 2, 1, $"quarantine/f/1970-01-01/{Path.GetFileName(path)}"), ("f", 4, 1, null)]);
        keeper.Status().Damaged.ShouldBe(found.Damaged);
        found.Damaged.ShouldAllBe(d => d.Reason.Contains("checksum"));
        File.Exists(Path.Combine(node.Folder, found.Damaged[0].Path!)).ShouldBeTrue();
        (await node.ReadAsync("f")).Select(r => r[0]).ShouldBe([0L, 2L, 4L]);
        await node.CommitAsync(schema, (5, [5]));
        (await keeper.VerifyAsync()).Damaged.ShouldBeEmpty();

        (await keeper.ForgetDamagedAsync("f")).Count.ShouldBe(2);
        keeper.Status().Damaged.ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(node.Folder, "quarantine"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task StartAsync_SetAsideFileWasPutBackWhole_HasItsRecordsAgain()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 0; i < 3; i++)
        {
            await node.CommitAsync(schema, (i, [i]));
            await node.Closer.CloseAllAsync();
        }

        string path = Path.Combine(node.Feeds, node.Files()[1]);
        byte[] sound = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, sound[..^1]);
        (await node.Get<IStoreKeeper>().VerifyAsync()).Damaged.Count.ShouldBe(1);
        await node.AbandonAsync();
        await File.WriteAllBytesAsync(path, sound);

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        again.Logs.Texts(1020).ShouldHaveSingleItem();
        again.Get<IStoreKeeper>().Status().Damaged.ShouldBeEmpty();
        (await again.ReadAsync("f")).Select(r => r[0]).ShouldBe([0L, 1L, 2L]);
        again.Store.List()[0].Records.ShouldBe(3);
    }

    [Fact]
    public async Task StartAsync_FilePutBackBetweenNeighboursThatBecameOne_ReadsAllInOrder()
    {
        string[] settings = ["Store:CompactionFiles=2", "Store:SegmentCheckInterval=01:00:00"];
        await using StoreNode node = await StoreNode.StartAsync(settings: settings);
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 0; i < 3; i++)
        {
            await node.CommitAsync(schema, (i, [i]));
            await node.Closer.CloseAllAsync();
        }

        string path = Path.Combine(node.Feeds, node.Files()[1]);
        byte[] sound = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, sound[..^1]);
        await node.Get<IStoreKeeper>().VerifyAsync();
        (await node.Get<Mlops.Store.Compaction.SegmentCompactor>().CompactAsync(() => true)).ShouldBe(1);
        await node.AbandonAsync();
        await File.WriteAllBytesAsync(path, sound);

        await using StoreNode again = await StoreNode.StartAsync(node.Folder, settings);

        (await again.ReadAsync("f")).Select(r => r[0]).ShouldBe([0L, 1L, 2L]);
        (await again.ReadAsync(new FeedQuery { Feed = "f", Descending = true, Limit = 2 })).Select(r => r[0]).ShouldBe([2L, 1L]);
        (await again.ReadAsync(new FeedQuery { Feed = "f", AfterPosition = 1 })).Select(r => r[0]).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task Status_DiskRefuses_SaysWhySinceWhenAndThatItIsOver()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("a", ("t", FieldType.Text));
        await node.Store.ReservePositionsAsync(1);
        long pages = await node.Database.WriteAsync(c => c.Scalar<long>("PRAGMA page_count"));
        await node.Database.WriteAsync(c => c.Scalar<long>($"PRAGMA max_page_count = {pages}"));
        using RecordBatch batch = await node.BuildAsync(schema, (2, [new string('x', 500_000)]));

        await Should.ThrowAsync<IOException>(() => node.CommitAsync(batch));
        StoreStatus status = node.Get<IStoreKeeper>().Status();
        status.Trouble.ShouldNotBeNull().ShouldContain("Free space");
        status.TroubleSince.ShouldNotBeNull();

        await node.Database.WriteAsync(c => c.Scalar<long>("PRAGMA max_page_count = 1000000"));
        await node.CommitAsync(batch);
        node.Get<IStoreKeeper>().Status().Trouble.ShouldBeNull();
    }
}
