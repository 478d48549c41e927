using Mlops.Data;
using Mlops.Store;
using Mlops.Store.AdHoc;
using Mlops.Store.Compaction;
using Mlops.Store.Queries;

namespace Mlops.Tests.Store.Compaction;

public class SegmentCompactorTests
{
    private static readonly string[] Settings = ["Store:CompactionFiles=4", "Store:SegmentCheckInterval=01:00:00"];

    [Fact]
    public async Task CompactAsync_ManySmallFiles_BecomeOneWithTheSameRecordsAndTheOthersGo()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await FillAsync(node, files: 9);
        List<Row> before = await node.ReadAsync("f");
        long records = node.Store.List()[0].Records;

        (await CompactAsync(node)).ShouldBe(8);
        await node.Store.Obsolete.DeleteUnreadAsync();

        node.Files().ShouldBe(["f/1970-01-01/00000000000000000001-00000000000000000018.parquet"]);
        Texts(await node.ReadAsync("f")).ShouldBe(Texts(before));
        Texts(await node.ReadAsync("f", "n >= 0")).ShouldBe(Texts(before));
        node.Store.List()[0].Records.ShouldBe(records);
        (await CompactAsync(node)).ShouldBe(0);
        await node.StopAsync();
        ParquetFile.Read(Path.Combine(node.Feeds, "f/**/*.parquet")).Column("n").ShouldBe(before.Select(r => r[0]));
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        Texts(await again.ReadAsync("f")).ShouldBe(Texts(before));
        again.Logs.Texts(1004).ShouldBeEmpty();
        again.Logs.Texts(1014).ShouldBeEmpty();
    }

    [Fact]
    public async Task CompactAsync_SomebodyReads_KeepsTheOldFilesUntilTheReaderIsDone()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await FillAsync(node, files: 4);
        string[] old = node.Files();
        using (node.Get<QueryEngine>().Open())
        {
            await CompactAsync(node);
            await node.Store.Obsolete.DeleteUnreadAsync();
            node.Files().Intersect(old).Count().ShouldBe(4);
        }

        await node.Store.Obsolete.DeleteUnreadAsync();
        node.Files().Length.ShouldBe(1);
    }

    [Fact]
    public async Task CompactAsync_StatementReadsTheFiles_ItReadsToItsEnd()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await FillAsync(node, files: 4);
        await using SqlResult result = await node.Get<ISqlQueries>().QueryAsync(new SqlQuery("SELECT * FROM f"));
        await CompactAsync(node);
        await node.Store.Obsolete.DeleteUnreadAsync();
        node.Files().Length.ShouldBe(5);

        int rows = 0;
        await foreach (RecordBatch batch in result.ReadAsync())
        {
            using (batch)
                rows += batch.Count;
        }

        rows.ShouldBe(8);
        await result.DisposeAsync();
        await node.Store.Obsolete.DeleteUnreadAsync();
        node.Files().Length.ShouldBe(1);
    }

    [Fact]
    public async Task StartAsync_CrashBeforeOldFilesWereDeleted_DeletesThemAndDoublesNothing()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await FillAsync(node, files: 5);
        using (node.Get<QueryEngine>().Open())
            await CompactAsync(node);
        await node.AbandonAsync();
        node.Files().Length.ShouldBe(6);

        await using StoreNode again = await StoreNode.StartAsync(node.Folder, Settings);

        again.Files().Length.ShouldBe(1);
        (await again.ReadAsync("f")).Count.ShouldBe(10);
        again.Database.Read(c => c.Scalar<long>("SELECT COUNT(*) FROM obsolete_file")).ShouldBe(0);
    }

    [Fact]
    public async Task StartAsync_CrashBeforeTheNewFileWasRegistered_DeletesItAndKeepsTheOldOnes()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await FillAsync(node, files: 5);
        await node.AbandonAsync();
        string left = Path.Combine(node.Feeds, "f/1970-01-01/00000000000000000001-00000000000000000010.parquet");
        File.Copy(Path.Combine(node.Feeds, node.Files()[0]), left);

        await using StoreNode again = await StoreNode.StartAsync(node.Folder, Settings);

        File.Exists(left).ShouldBeFalse();
        (await again.ReadAsync("f")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task CompactAsync_BrokenFileAmongThem_IsNamedAndSetAsideAndTheRestBecomesOne()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await FillAsync(node, files: 6);
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(node.Feeds, node.Files()[0]));
        bytes.AsSpan(bytes.Length - 30, 20).Clear();
        await File.WriteAllBytesAsync(Path.Combine(node.Feeds, node.Files()[0]), bytes);

        await CompactAsync(node);

        node.Logs.Texts(1004).ShouldHaveSingleItem().ShouldContain("positions 1 to 2");
        (await node.ReadAsync("f")).Select(r => r.Position).ShouldBe(Enumerable.Range(3, 10).Select(i => (long)i));
        await node.Store.Obsolete.DeleteUnreadAsync();
        node.Files().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Running_ReadersWhileFilesBecomeOne_SeeEveryRecordOnce()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:CompactionFiles=2", "Store:SegmentCheckInterval=01:00:00"]);
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 0; i < 40; i++)
        {
            await node.CommitAsync(schema, [.. Enumerable.Range(0, 50).Select(n => ((long)i, new object?[] { n }))]);
            await node.Closer.CloseAllAsync();
            Task<List<Row>> reading = node.ReadAsync("f", "n >= 0");
            await CompactAsync(node);
            await node.Store.Obsolete.DeleteUnreadAsync();
            (await reading).Select(r => r.Position).ShouldBe(Enumerable.Range(1, (i + 1) * 50).Select(p => (long)p));
        }

        node.Logs.Texts(1004).ShouldBeEmpty();
    }

    private static Task<int> CompactAsync(StoreNode node) => node.Get<SegmentCompactor>().CompactAsync(() => true);

    private static IEnumerable<string> Texts(IEnumerable<Row> rows) => rows.Select(r => $"{r.Position} {r.Time} {r.Quality} {string.Join('|', r.Values)}");

    private static async Task FillAsync(StoreNode node, int files)
    {
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64), ("t", FieldType.Text));
        for (int i = 0; i < files; i++)
        {
            await node.CommitAsync(schema, (i, [i, $"text {i}"]), (i, [i, null]));
            await node.Closer.CloseAllAsync();
        }
    }
}
