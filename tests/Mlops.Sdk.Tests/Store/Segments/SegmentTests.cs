using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store;

namespace Mlops.Tests.Store.Segments;

public class SegmentTests
{
    [Fact]
    public async Task StopAsync_Gracefully_PutsEveryRecordOnceIntoParquetUnderItsOwnNames()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("press.4.data", ("Höhe", FieldType.Float64), ("count", FieldType.Int64), ("big", FieldType.UInt64), ("ok", FieldType.Boolean), ("text", FieldType.Text), ("at", FieldType.Timestamp));
        await node.CommitAsync(schema, (1, [1.5, 2, 3UL, true, "x", DateTimeOffset.UnixEpoch.AddSeconds(9)]), (2, [double.NaN, null, null, null, null, null]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (3, [double.PositiveInfinity]));
        await node.StopAsync();

        ParquetFile file = ParquetFile.Read(Path.Combine(node.Feeds, "press.4.data/**/*.parquet"));

        file.Names.ShouldBe(["_position", "_timestamp", "_received", "_quality", "_seq", "_rseq", "Höhe", "count", "big", "ok", "text", "at"]);
        file.Types.ShouldBe([
            DuckDbType.BigInt, DuckDbType.TimestampNanoseconds, DuckDbType.TimestampNanoseconds, DuckDbType.UTinyInt, DuckDbType.BigInt, DuckDbType.BigInt,
            DuckDbType.Double, DuckDbType.BigInt, DuckDbType.UBigInt, DuckDbType.Boolean, DuckDbType.Varchar, DuckDbType.TimestampNanoseconds]);
        file.Rows.ShouldBe([
            [1L, 1_000_000_000L, 1_000_000_001L, 3L, null, null, 1.5, 2L, 3UL, true, "x", 9_000_000_000L],
            [2L, 2_000_000_000L, 2_000_000_001L, 3L, null, null, double.NaN, null, null, null, null, null],
            [3L, 3_000_000_000L, 3_000_000_001L, 3L, null, null, double.PositiveInfinity, null, null, null, null, null]]);
        node.Logs.Texts(1010).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task StopAsync_FieldAddedBetweenFiles_ReadsAsOneTable()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("a", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        await node.Closer.CloseAllAsync();
        schema = await node.DeclareAsync("f", ("a", FieldType.Int64), ("b", FieldType.Text));
        await node.CommitAsync(schema, (2, [2, "x"]));
        await node.StopAsync();

        ParquetFile.Read(Path.Combine(node.Feeds, "f/**/*.parquet")).Column("b").ShouldBe([null, "x"]);
    }

    [Fact]
    public async Task StopAsync_TextThatIsNoUtf8_IsKeptWithReplacementCharacters()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("t", FieldType.Text));
        RecordBatchBuilder builder = new(schema);
        builder.BeginRow(1);
        builder.SetText(0, [(byte)'a', 0xFF, (byte)'b']);
        builder.EndRow();
        using (RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(1)))
            await node.CommitAsync(batch);

        (await node.Closer.CloseAllAsync()).ShouldBeTrue();

        (await node.ReadAsync("f")).Single()[0].ShouldBe("a\uFFFDb");
    }

    [Fact]
    public async Task Running_LogReachesTheSize_BecomesFilesOfThatSize()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:SegmentBytes=64 KB"]);
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64), ("t", FieldType.Text));
        var random = new Random(3);
        for (int i = 0; i < 30; i++)
            await node.CommitAsync(schema, [.. Enumerable.Range(0, 100).Select(n => ((long)i, new object?[] { random.NextInt64(), random.NextInt64().ToString("x") }))]);

        await Eventually.IsTrueAsync(() => node.Files().Any(f => f.EndsWith(".parquet", StringComparison.Ordinal)), "a file appears without waiting for the interval");
        await node.Closer.CloseDueAsync(CancellationToken.None);
        node.Store.Catalog.Find("f")!.Log.Bytes.ShouldBeLessThan(64 * 1024);
        (await node.ReadAsync("f")).Count.ShouldBe(3000);
    }

    [Fact]
    public async Task Running_RecordsGetOld_BecomeAFileWhenEnoughOrVeryOld()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:SegmentMinimumRecords=10"], configure: s => s.AddSingleton<TimeProvider>(time));
        FeedSchema many = await node.DeclareAsync("many", ("n", FieldType.Int64));
        FeedSchema few = await node.DeclareAsync("few", ("n", FieldType.Int64));
        await node.CommitAsync(many, [.. Enumerable.Range(0, 10).Select(i => ((long)i, new object?[] { i }))]);
        await node.CommitAsync(few, (1, [1]));

        time.Advance(TimeSpan.FromMinutes(9));
        await node.Closer.CloseDueAsync(CancellationToken.None);
        node.Files().ShouldBeEmpty();

        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.IsTrueAsync(() => node.Store.Catalog.Find("many")!.Log.Count == 0, "many became a file when its age was reached");
        node.Store.Catalog.Find("few")!.Log.Count.ShouldBe(1);

        time.Advance(TimeSpan.FromMinutes(50));
        await node.Closer.CloseDueAsync(CancellationToken.None);
        await Eventually.IsTrueAsync(() => node.Store.Catalog.Find("few")!.Log.Count == 0, "few became a file when it was very old");
    }

    [Fact]
    public async Task CloseDueAsync_ClockWasSetBackByHours_DoesNotWaitForItToComeBack()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(configure: s => s.AddSingleton<TimeProvider>(time));
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));

        time.Advance(TimeSpan.FromHours(-5));
        (await node.Closer.CloseDueAsync(CancellationToken.None)).ShouldBeTrue();

        node.Files().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task StartAsync_FilesOfInterruptedWrites_AreDeletedAndTheRecordsStay()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]), (2, [2]));
        await node.AbandonAsync();
        string folder = Path.Combine(node.Feeds, "f", "1970-01-01");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "00000000000000000001-00000000000000000002.parquet"), "renamed but not registered");
        await File.WriteAllTextAsync(Path.Combine(folder, "00000000000000000001-00000000000000000002.parquet.tmp"), "half written");
        Directory.CreateDirectory(Path.Combine(node.Folder, "tmp"));
        await File.WriteAllTextAsync(Path.Combine(node.Folder, "tmp", "spilled"), "by a query");

        StoreNode again = await StoreNode.StartAsync(node.Folder);

        again.Files().ShouldBeEmpty();
        File.Exists(Path.Combine(node.Folder, "tmp", "spilled")).ShouldBeFalse();
        again.Logs.Texts(1007).Length.ShouldBe(2);
        await again.StopAsync();
        ParquetFile.Read(Path.Combine(node.Feeds, "f/**/*.parquet")).Column("n").ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task StartAsync_FileTheCatalogNeverKnew_IsKeptUnderAnotherName()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        await node.StopAsync();
        foreach (string file in Directory.EnumerateFiles(node.Folder, "mlops.db*"))
            File.Delete(file);

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        again.Files().ShouldBe(["f/1970-01-01/00000000000000000001-00000000000000000001.parquet.unknown"]);
        again.Logs.Texts(1014).ShouldHaveSingleItem().ShouldContain("restore both from the same backup");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("short")]
    [InlineData("changed")]
    public async Task ReadAsync_BrokenFile_IsNamedAndSetAsideAndTheRestGoesOn(string fault)
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 1; i <= 3; i++)
        {
            await node.CommitAsync(schema, [.. Enumerable.Range(0, 500).Select(n => ((long)i, new object?[] { i }))]);
            await node.Closer.CloseAllAsync();
        }

        await node.CommitAsync(schema, (4, [4]));
        string path = Path.Combine(node.Feeds, node.Files()[1]);
        Break(path, fault);

        List<Row> rows = await node.ReadAsync("f");

        rows.Select(r => (long)r[0]!).Distinct().ShouldBe([1, 3, 4]);
        rows.Count.ShouldBe(1001);
        node.Store.List()[0].Records.ShouldBe(1001);
        node.Logs.Texts(1004).ShouldHaveSingleItem().ShouldContain("Feed 'f': 500 records at positions 501 to 1000");
        node.Files().Count(f => f.EndsWith(".parquet", StringComparison.Ordinal)).ShouldBe(2);
        (await node.ReadAsync(new FeedQuery { Feed = "f", Descending = true, Limit = 600 })).Count.ShouldBe(600);
    }

    [Fact]
    public async Task StartAsync_MissingFile_IsNamedAtOnce()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        await node.StopAsync();
        File.Delete(Path.Combine(node.Feeds, node.Files()[0]));

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        again.Logs.Texts(1004).ShouldHaveSingleItem().ShouldContain("the file is missing");
        again.Store.List()[0].Records.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogRow_WrongChecksum_IsNamedAndSetAsideAndTheRestGoesOn(bool whenClosing)
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 1; i <= 3; i++)
            await node.CommitAsync(schema, (i, [i]), (i, [i]));
        await node.Database.WriteAsync(c => c.Run("UPDATE log SET data = CAST(substr(data, 1, 20) || X'FF' || substr(data, 22) AS BLOB) WHERE id = 2"));

        if (whenClosing)
            (await node.Closer.CloseAllAsync()).ShouldBeTrue();
        List<Row> rows = await node.ReadAsync("f");

        rows.Select(r => r[0]).ShouldBe([1L, 1L, 3L, 3L]);
        node.Store.List()[0].Records.ShouldBe(4);
        node.Logs.Texts(1003).ShouldHaveSingleItem().ShouldContain("Feed 'f': 2 records at positions 3 to 4");
        node.Database.Read(c => c.Rows("SELECT count, reason, length(data) > 0 FROM set_aside", r => (r.GetInt64(0), r.GetString(1), r.GetBoolean(2))))
            .ShouldHaveSingleItem().Item2.ShouldContain("checksum");
    }

    [Fact]
    public async Task LogRow_WrongChecksum_DoesNotEndAFilteredOrDescendingRead()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 1; i <= 4; i++)
            await node.CommitAsync(schema, (i, [i]));
        await node.Database.WriteAsync(c => c.Run("UPDATE log SET checksum = 1 WHERE id = 1"));
        (await node.ReadAsync("f", "n > 0")).Select(r => r[0]).ShouldBe([2L, 3L, 4L]);
        await node.Database.WriteAsync(c => c.Run("UPDATE log SET checksum = 1 WHERE id = 4"));
        (await node.ReadAsync(new FeedQuery { Feed = "f", Descending = true })).Select(r => r[0]).ShouldBe([3L, 2L]);
    }

    [Fact]
    public async Task CloseAllAsync_DiskRefuses_KeepsTheLogAndLeavesNoFile()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        await node.Database.WriteAsync(c => c.Run("CREATE TRIGGER refuse BEFORE INSERT ON segment BEGIN SELECT RAISE(ABORT, 'refused'); END"));

        (await node.Closer.CloseAllAsync()).ShouldBeFalse();
        node.Files().ShouldBeEmpty();
        (await node.ReadAsync("f")).Count.ShouldBe(1);
        await node.Database.WriteAsync(c => c.Run("DROP TRIGGER refuse"));

        (await node.Closer.CloseAllAsync()).ShouldBeTrue();
        (await node.ReadAsync("f")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task CloseAllAsync_FolderCannotBeWritten_SaysSoAndIsRepeatedLater()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        Directory.CreateDirectory(node.Feeds);
        string inTheWay = Path.Combine(node.Feeds, "f");
        await File.WriteAllTextAsync(inTheWay, "a file where the feed's folder should be");

        (await node.Closer.CloseAllAsync()).ShouldBeFalse();
        node.Logs.Texts(1006).ShouldHaveSingleItem().ShouldContain("'f'");
        File.Delete(inTheWay);

        (await node.Closer.CloseAllAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task CloseAllAsync_ManyFeeds_ClosesEach()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var batches = new List<RecordBatch>();
        for (int i = 0; i < 60; i++)
            batches.Add(await node.BuildAsync(await node.DeclareAsync($"feed.{i}", ("n", FieldType.Int64)), (i, [i])));
        await node.CommitAsync([.. batches]);
        batches.ForEach(b => b.Dispose());

        (await node.Closer.CloseAllAsync()).ShouldBeTrue();

        node.Files().Length.ShouldBe(60);
        node.Database.Read(c => c.Scalar<long>("SELECT COUNT(*) FROM log")).ShouldBe(0);
    }

    private static void Break(string path, string fault)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (fault)
        {
            case "missing":
                File.Delete(path);
                break;
            case "short":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            default:
                // The footer is what every reader needs first.
                Encoding.ASCII.GetBytes("garbage garbage garbage").CopyTo(bytes, bytes.Length - 31);
                File.WriteAllBytes(path, bytes);
                break;
        }
    }
}
