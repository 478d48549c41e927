using System.Text;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store;

public class FeedStoreTests
{
    private static readonly (string, FieldType)[] AllTypes =
        [("b", FieldType.Boolean), ("i", FieldType.Int64), ("u", FieldType.UInt64), ("d", FieldType.Float64), ("t", FieldType.Text), ("at", FieldType.Timestamp)];

    [Fact]
    public async Task ReadAsync_AfterCommit_GivesAllTypesAndNullsBack()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("press.4.all", AllTypes);
        object?[] full = [true, -5L, ulong.MaxValue, 1.5, "größer", DateTimeOffset.UnixEpoch.AddYears(50)];
        object?[] special = [false, long.MinValue, 0UL, double.NaN, "", DateTimeOffset.UnixEpoch.AddYears(-50)];
        var nothing = new object?[6];

        long first = await node.CommitAsync(schema, (1, full), (2, nothing), (3, special));

        List<Row> rows = await node.ReadAsync("press.4.all");
        rows.Select(r => r.Position).ShouldBe([first, first + 1, first + 2]);
        rows.Select(r => r.Time).ShouldBe([1, 2, 3]);
        rows[0].Values.ShouldBe(full);
        rows[1].Values.ShouldBe(nothing);
        rows[2].Values.ShouldBe(special);
        rows.ShouldAllBe(r => r.Sequence == RecordBatch.NoSequence && r.Quality == 3);
    }

    [Fact]
    public async Task ReadAsync_AfterGracefulStopAndStart_GivesTheSameFromParquet()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("press.4.all", AllTypes);
        object?[] full = [true, -5L, ulong.MaxValue, 1.5, "größer", DateTimeOffset.UnixEpoch.AddYears(50)];
        object?[] special = [false, long.MinValue, 0UL, double.NegativeInfinity, "", DateTimeOffset.UnixEpoch.AddYears(-50)];
        RecordBatchBuilder builder = StoreNode.Fill(schema, (1, full), (2, new object?[6]), (3, special), (4, [null, null, null, double.NaN, null, null]));
        builder.BeginRow(5_000_000_000, sequence: 7, recordSequence: 0);
        builder.AddQuality(1);
        builder.EndRow();
        using (RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(5)))
            await node.CommitAsync(batch);
        List<Row> before = await node.ReadAsync("press.4.all");
        await node.StopAsync();
        node.Files().ShouldBe(["press.4.all/1970-01-01/00000000000000000001-00000000000000000005.parquet"]);

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        List<Row> after = await again.ReadAsync("press.4.all");
        after.Count.ShouldBe(5);
        for (int i = 0; i < after.Count; i++)
        {
            after[i].Values.ShouldBe(before[i].Values);
            (after[i] with { Values = [] }).ShouldBe(before[i] with { Values = [] });
        }

        (after[4].Sequence, after[4].RecordSequence, after[4].Quality).ShouldBe((7, 0, (byte)1));
    }

    [Fact]
    public async Task CommitAsync_SeveralBatchesOfTwoFeeds_WritesOneLogRowForEachFeed()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema a = await node.DeclareAsync("a", AllTypes);
        FeedSchema b = await node.DeclareAsync("b", ("n", FieldType.Int64));
        var random = new Random(1);
        var batches = new List<RecordBatch>();
        for (int i = 0; i < 20; i++)
        {
            batches.Add(await node.BuildAsync(a, [.. Enumerable.Range(0, random.Next(1, 12)).Select(r => ((long)r, RandomValues(random)))]));
            batches.Add(await node.BuildAsync(b, (i, [i])));
        }

        await node.CommitAsync([.. batches]);

        node.Database.Read(c => c.Rows("SELECT feed, count FROM log ORDER BY feed", r => (r.GetInt64(0), r.GetInt64(1))))
            .ShouldBe([(1, batches.Where(x => x.Schema == a).Sum(x => x.Count)), (2, 20)]);
        (await node.ReadAsync("a")).Select(r => string.Join('|', r.Values)).ShouldBe(batches.Where(x => x.Schema == a).SelectMany(Row.Of).Select(r => string.Join('|', r.Values)));
        (await node.ReadAsync("b")).Select(r => r[0]).ShouldBe(Enumerable.Range(0, 20).Select(i => (object)(long)i));
        batches.ForEach(x => x.Dispose());
    }

    [Fact]
    public async Task CommitAsync_MoreRowsThanALogRowTakes_KeepsThemAllInOrder()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("a", ("n", FieldType.Int64), ("t", FieldType.Text));
        RecordBatchBuilder builder = new(schema);
        for (int i = 0; i < 50_000; i++)
        {
            builder.BeginRow(i);
            builder.SetInt64(0, i);
            builder.SetText(1, Encoding.UTF8.GetBytes($"row {i}"));
            builder.EndRow();
        }

        using (RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(50_000)))
            await node.CommitAsync(batch);

        List<Row> rows = await node.ReadAsync("a");
        rows.Select(r => r[0]).ShouldBe(Enumerable.Range(0, 50_000).Select(i => (object)(long)i));
        rows[^1][1].ShouldBe("row 49999");
        node.Store.List()[0].Records.ShouldBe(50_000);
    }

    [Fact]
    public async Task CommitAsync_WithCursors_MovesThemWithTheRecords()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("a", ("n", FieldType.Int64));
        node.Store.GetCursor("reader").ShouldBeNull();
        var commit = new StoreCommit { Cursors = { ["reader"] = 5, ["other"] = 6 } };
        using RecordBatch batch = await node.BuildAsync(schema, (1, [1]));
        commit.Batches.Add(batch);
        await node.Store.CommitAsync(commit);
        await node.Store.CommitAsync(new StoreCommit { Cursors = { ["reader"] = 9 } });
        await node.AbandonAsync();

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        again.Store.GetCursor("reader").ShouldBe(9);
        again.Store.GetCursor("other").ShouldBe(6);
        (await again.ReadAsync("a")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task CommitAsync_DiskFull_KeepsNothingAndCanBeRepeated()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("a", ("t", FieldType.Text));
        await node.CommitAsync(schema, (1, ["before"]));
        await node.Store.ReservePositionsAsync(1);
        using RecordBatch batch = await node.BuildAsync(schema, (2, [new string('x', 500_000)]));
        var commit = new StoreCommit { Cursors = { ["reader"] = 5 } };
        commit.Batches.Add(batch);
        long pages = await node.Database.WriteAsync(c => c.Scalar<long>("PRAGMA page_count"));
        await node.Database.WriteAsync(c => c.Scalar<long>($"PRAGMA max_page_count = {pages + 3}"));

        IOException error = await Should.ThrowAsync<IOException>(async () => await node.Store.CommitAsync(commit));
        error.Message.ShouldContain("Free space");
        await Should.ThrowAsync<IOException>(async () => await node.Store.CommitAsync(commit));
        node.Store.GetCursor("reader").ShouldBeNull();
        node.Store.List()[0].Records.ShouldBe(1);
        (await node.ReadAsync("a")).Select(r => r[0]).ShouldBe(["before"]);

        await node.Database.WriteAsync(c => c.Scalar<long>("PRAGMA max_page_count = 1000000"));
        await node.Store.CommitAsync(commit);
        (await node.ReadAsync("a")).Count.ShouldBe(2);
        node.Store.GetCursor("reader").ShouldBe(5);
    }

    [Fact]
    public async Task CommitAsync_PositionsThatDoNotRise_RefusesAndKeepsNothing()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("a", ("n", FieldType.Int64));
        using RecordBatch unreserved = StoreNode.Fill(schema, (1, [1])).Build();
        using RecordBatch second = await node.BuildAsync(schema, (1, [1]));
        using RecordBatch third = await node.BuildAsync(schema, (2, [2]));

        (await Should.ThrowAsync<ArgumentException>(() => node.CommitAsync(unreserved))).Message.ShouldContain("ReservePositionsAsync");
        await Should.ThrowAsync<ArgumentException>(() => node.CommitAsync(third, second));
        (await node.ReadAsync("a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task CommitAsync_UnknownFeedOrColumns_NamesThem()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await node.DeclareAsync("a", ("n", FieldType.Int64));
        using RecordBatch unknown = await node.BuildAsync(new FeedSchema("b", [new("n", FieldType.Int64)]), (1, [1]));
        using RecordBatch other = await node.BuildAsync(new FeedSchema("a", [new("m", FieldType.Int64)]), (1, [1]));

        (await Should.ThrowAsync<ArgumentException>(() => node.CommitAsync(unknown))).Message.ShouldContain("There is no feed 'b'. Known: a.");
        (await Should.ThrowAsync<ArgumentException>(() => node.CommitAsync(other))).Message.ShouldContain("DeclareAsync");
    }

    [Fact]
    public async Task CommitAsync_CancelledBeforeItBegan_KeepsNothing()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("a", ("n", FieldType.Int64));
        using RecordBatch batch = await node.BuildAsync(schema, (1, [1]));
        var commit = new StoreCommit();
        commit.Batches.Add(batch);

        using var cancelled = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        Task blocker = node.Database.WriteAsync(_ => gate.Wait());
        Task committing = node.Store.CommitAsync(commit, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        gate.Set();

        await blocker.Within();
        await Should.ThrowAsync<OperationCanceledException>(committing.Within);
        (await node.ReadAsync("a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_TailSegmentsAndRestart_CountsEachRecordOnce()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("z", ("n", FieldType.Int64));
        await node.DeclareAsync("a.empty", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (10, [1]), (30, [2]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (20, [3]));

        void Check(StoreNode of)
        {
            IReadOnlyList<FeedInfo> feeds = of.Store.List();
            feeds.Select(f => f.Schema.Feed).ShouldBe(["a.empty", "z"]);
            (feeds[0].Records, feeds[0].First, feeds[0].Last, feeds[0].LastPosition).ShouldBe((0, null, null, 0));
            (feeds[1].Records, feeds[1].First, feeds[1].Last, feeds[1].LastPosition).ShouldBe((3, 10_000_000_000, 30_000_000_000, 3));
        }

        Check(node);
        await node.AbandonAsync();
        StoreNode again = await StoreNode.StartAsync(node.Folder);
        Check(again);
        await again.StopAsync();
        await using StoreNode third = await StoreNode.StartAsync(node.Folder);
        Check(third);
    }

    [Fact]
    public async Task StartAsync_FolderInUse_SaysSo()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        (await Should.ThrowAsync<IOException>(() => StoreNode.StartAsync(node.Folder))).Message.ShouldContain("in use by another process");
    }

    private static object?[] RandomValues(Random random) =>
    [
        random.Next(3) == 0 ? null : random.Next(2) == 0,
        random.Next(3) == 0 ? null : random.NextInt64(),
        random.Next(3) == 0 ? null : (ulong)random.NextInt64() * 2,
        random.Next(3) == 0 ? null : random.NextDouble(),
        random.Next(3) == 0 ? null : new string((char)random.Next('a', 'z'), random.Next(20)),
        random.Next(3) == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(random.Next()),
    ];
}
