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
    public async Task CompactAsync_FilesOfSeveralRevisions_BecomeOneOfTheNewestAndSelectionsStayTheSame()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await EvolveAsync(node, rows: 30_000);
        node.Files().Length.ShouldBe(4);
        List<Row> before = await node.ReadAsync("f");
        string hash = await HashAsync(node);

        (await CompactAsync(node)).ShouldBe(3);
        await node.Store.Obsolete.DeleteUnreadAsync();

        string file = node.Files().ShouldHaveSingleItem();
        Texts(await node.ReadAsync("f")).ShouldBe(Texts(before));
        Texts(await node.ReadAsync("f", "b >= 0")).ShouldBe(Texts(before));
        (await HashAsync(node)).ShouldBe(hash);
        ParquetFile parquet = ParquetFile.Query($"SELECT * FROM read_parquet('{node.Feeds}/{file}') WHERE _position IN (1, 60001, 120000)");
        parquet.Names.Skip(6).ShouldBe(["b", "more"]);
        parquet.Column("b").ShouldBe([0.0, 60_000.0, 119_999.5]);
        parquet.Column("more").ShouldBe([null, null, "x"]);
        node.Database.Read(c => c.Rows("SELECT DISTINCT field FROM segment_summary", r => r.GetString(0))).ShouldBe(["a"]);
        await node.StopAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        Texts(await again.ReadAsync("f")).ShouldBe(Texts(before));
        (await again.Get<IStoreKeeper>().VerifyAsync()).Damaged.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAsync_CrashWhileFilesOfSeveralRevisionsBecameOne_HasEveryRecordOnce(bool registered)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        await EvolveAsync(node, rows: 3);
        List<Row> before = await node.ReadAsync("f");
        string[] old = node.Files();
        if (registered)
        {
            // The old files are still there when the node goes.
            using (node.Get<QueryEngine>().Open())
                await CompactAsync(node);
            node.Files().Length.ShouldBe(5);
        }

        await node.AbandonAsync();
        if (!registered)
            File.Copy(Path.Combine(node.Feeds, old[0]), Path.Combine(node.Feeds, "f/1970-01-01/00000000000000000001-00000000000000000012.parquet"));

        await using StoreNode again = await StoreNode.StartAsync(node.Folder, ["Store:SegmentCheckInterval=01:00:00", "Store:CompactionFiles=5"]);

        again.Files().Length.ShouldBe(registered ? 1 : 4);
        Texts(await again.ReadAsync("f")).ShouldBe(Texts(before));
    }

    [Fact]
    public async Task CompactAsync_IntegersThatAFloatingPointNumberWouldRound_StayIntegers()
    {
        const long Odd = (1L << 53) + 1;
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:CompactionFiles=2", "Store:SegmentCheckInterval=01:00:00"]);
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        foreach (long value in new[] { 1L, Odd, 3L })
        {
            await node.CommitAsync(schema, (1, [value]));
            await node.Closer.CloseAllAsync();
        }

        schema = await node.DeclareAsync("f", ("n", FieldType.Float64));
        await node.CommitAsync(schema, (2, [0.5]));
        await node.Closer.CloseAllAsync();

        (await CompactAsync(node)).ShouldBe(2);
        await node.Store.Obsolete.DeleteUnreadAsync();

        node.Files().Length.ShouldBe(2);
        ParquetFile.Read(Path.Combine(node.Feeds, node.Files()[0])).Column("n").ShouldBe([1L, Odd, 3L]);
        ParquetFile.Read(Path.Combine(node.Feeds, node.Files()[1])).Column("n").ShouldBe([0.5]);
        (await node.ReadAsync("f")).Select(r => r[0]).ShouldBe([1.0, (double)Odd, 3.0, 0.5]);
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

    private static async Task<string> HashAsync(StoreNode node)
    {
        using SelectedData data = await node.Get<ITrainingSelection>().SelectAsync(new SelectionRequest { Feed = "f" }, CancellationToken.None);
        return data.Snapshot.Hash;
    }

    /// <summary>Makes a file under each of four revisions: a field, its new name, a wider type, and a field more.</summary>
    private static async Task EvolveAsync(StoreNode node, int rows)
    {
        FeedField[][] revisions =
        [
            [new("a", FieldType.Int64) { Id = "1" }],
            [new("b", FieldType.Int64) { Id = "1" }],
            [new("b", FieldType.Float64) { Id = "1" }],
            [new("b", FieldType.Float64) { Id = "1" }, new("more", FieldType.Text)],
        ];
        for (int i = 0; i < revisions.Length; i++)
        {
            FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "f", revisions[i]));
            int first = i * rows;
            await node.CommitAsync(schema, [.. Enumerable.Range(first, rows).Select(n => ((long)n, (object?[])(i switch
            {
                < 2 => [(long)n],
                2 => [(double)n],
                _ => [n + 0.5, "x"],
            })))]);
            await node.Closer.CloseAllAsync();
        }
    }

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
