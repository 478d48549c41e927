using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Compaction;

namespace Mlops.Tests.Store.Catalog;

/// <summary>Schemas that change, read from the live tail, the log, Parquet files and after a restart.</summary>
public class SchemaEvolutionTests
{
    [Fact]
    public async Task Declare_DataPointRenamedByMetadata_KeepsItsValuesUnderTheNewName()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await Declare(node, new FeedField("temp", FieldType.Int64) { Id = "t1", Unit = "°C" }, new FeedField("other", FieldType.Text) { Id = "o1" });
        await node.CommitAsync(one, (1, [20, "a"]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(one, (2, [21, "b"]));

        FeedSchema two = await Declare(node, new FeedField("temperature", FieldType.Float64) { Id = "t1" }, new FeedField("other", FieldType.Text) { Id = "o1" });
        await node.CommitAsync(two, (3, [22.5, "c"]));
        await node.CommitAsync(one, (4, [23, "d"]));

        (two.Version, two.Fields[0].Name, two.Fields[0].Unit).ShouldBe((1, "temperature", "°C"));
        node.Logs.Texts(1029).ShouldHaveSingleItem().ShouldContain("'temp' is called 'temperature'");
        await CheckEverywhereAsync(node, [[20.0, "a"], [21.0, "b"], [22.5, "c"], [23.0, "d"]], "temperature > 0");
    }

    [Fact]
    public async Task Declare_FormerNameUsedAgain_IsAnotherDataPoint()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await Declare(node, new FeedField("a", FieldType.Int64) { Id = "1" });
        await node.CommitAsync(one, (1, [1]));
        await node.Closer.CloseAllAsync();
        await Declare(node, new FeedField("b", FieldType.Int64) { Id = "1" });
        FeedSchema three = await Declare(node, new FeedField("b", FieldType.Int64) { Id = "1" }, new FeedField("a", FieldType.Int64) { Id = "2" });
        await node.CommitAsync(three, (2, [2, 20]));

        three.Fields.Select(f => f.Name).ShouldBe(["b", "a"]);
        await CheckEverywhereAsync(node, [[1L, null], [2L, 20L]], "b > 0");
    }

    [Fact]
    public async Task Declare_IdsGivenAnew_RenamesNothing()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await Declare(node, new FeedField("a", FieldType.Int64) { Id = "1" }, new FeedField("b", FieldType.Int64) { Id = "2" });
        await node.CommitAsync(one, (1, [1, 2]));
        FeedSchema two = await Declare(node, new FeedField("b", FieldType.Int64) { Id = "1" }, new FeedField("a", FieldType.Int64) { Id = "2" });
        await node.CommitAsync(two, (2, [10, 20]));

        two.Fields.Select(f => (f.Name, f.Id)).ShouldBe([("a", "2"), ("b", "1")]);
        await CheckEverywhereAsync(node, [[1L, 2L], [10L, 20L]], "a > 0");
    }

    [Fact]
    public async Task Declare_IdsGivenAnewAndOneNameGone_RenamesNothing()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await Declare(node, new FeedField("a", FieldType.Int64) { Id = "1" }, new FeedField("b", FieldType.Int64) { Id = "2" });
        await node.CommitAsync(one, (1, [1, 2]));
        FeedSchema two = await Declare(node, new FeedField("b", FieldType.Int64) { Id = "3" }, new FeedField("c", FieldType.Int64) { Id = "1" });

        two.Fields.Select(f => f.Name).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Declare_IntegersWidened_StayExactInTheirFiles()
    {
        const long Odd = (1L << 53) + 1;
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(one, (1, [Odd]));
        FeedSchema two = await node.DeclareAsync("f", ("n", FieldType.Float64));
        await node.CommitAsync(two, (2, [0.5]));
        await node.Closer.CloseAllAsync();

        two.Version.ShouldBe(1);
        ParquetFile.Read(Path.Combine(node.Feeds, node.Files()[0])).Column("n").ShouldBe([Odd]);
        (await node.ReadAsync("f")).Select(r => r[0]).ShouldBe([(double)Odd, 0.5]);
    }

    [Theory]
    [InlineData("LInt", 2)]
    [InlineData("DInt", 1)]
    public async Task Declare_IntegersBecomeFloatingPoint_StaysInItsVersionOnlyWhereThatIsExact(string type, int version)
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await Declare(node, new FeedField("n", FieldType.Int64) { SourceType = type });

        (await Declare(node, new FeedField("n", FieldType.Float64) { SourceType = "LReal" })).Version.ShouldBe(version);
    }

    [Fact]
    public async Task Read_AllVersionsTogether_GivesEachValueUnderTheVersionThatHadIt()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await node.DeclareAsync("f", ("a", FieldType.Float64), ("b", FieldType.Int64));
        await node.CommitAsync(one, (1, [1.5, 1]));
        FeedSchema two = await node.DeclareAsync("f", ("a", FieldType.Text), ("c", FieldType.Int64));
        await node.CommitAsync(two, (2, ["x", 2, 20]));

        async Task CheckAsync(StoreNode of)
        {
            (await of.ReadAsync("f")).Select(r => r.Values).ShouldBe([[null, 1L, null], ["x", 2L, 20L]]);
            (await of.ReadAsync(new FeedQuery { Feed = "f", Version = 1 })).Select(r => r.Values).ShouldBe([[1.5, 1L], [null, 2L]]);
            (await of.ReadAsync(new FeedQuery { Feed = "f", Version = 1, Filter = "b > 0" })).Select(r => r.Values).ShouldBe([[1.5, 1L], [null, 2L]]);
            (await Should.ThrowAsync<ArgumentException>(() => of.ReadAsync(new FeedQuery { Feed = "f", Version = 3 }))).Message.ShouldContain("no version 3");
        }

        await CheckAsync(node);
        await node.Closer.CloseAllAsync();
        await CheckAsync(node);
        ParquetFile.Query($"SELECT a FROM read_parquet('{node.Feeds}/f/**/*.parquet', union_by_name = true) ORDER BY _position").Column("a").ShouldBe(["1.5", "x"]);
        await node.AbandonAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        await CheckAsync(again);
    }

    [Fact]
    public async Task Follow_SchemaChangesMeanwhile_GivesEveryRecordFromTailAndStore()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await Declare(node, new FeedField("a", FieldType.Int64) { Id = "1" });
        using RecordBatch first = await node.BuildAsync(one, (1, [1]));
        FeedSchema two = await Declare(node, new FeedField("b", FieldType.Int64) { Id = "1" }, new FeedField("c", FieldType.Text));
        using RecordBatch second = await node.BuildAsync(two, (2, [2, "x"]));
        node.Tail.Publish(first);
        node.Tail.Publish(second);

        var values = new List<object?[]>();
        await foreach (RecordBatch batch in node.Reader.FollowAsync("f", 0, CancellationToken.None))
        {
            values.AddRange(Row.Of(batch).Select(r => r.Values));
            batch.Dispose();
            if (values.Count == 2)
                break;
        }

        values.ShouldBe([[1L], [2L, "x"]]);
        await node.CommitAsync(first, second);
        await CheckEverywhereAsync(node, [[1L, null], [2L, "x"]], "b > 0");
    }

    [Fact]
    public async Task Compact_FilesOfSeveralSchemas_KeepsEveryValue()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:CompactionFiles=2", "Store:SegmentCheckInterval=01:00:00"]);
        FeedSchema schema = await Declare(node, new FeedField("a", FieldType.Int64) { Id = "1" });
        var expected = new List<object?[]>();
        for (int i = 0; i < 12; i++)
        {
            if (i == 4)
                schema = await Declare(node, new FeedField("b", FieldType.Int64) { Id = "1" });
            if (i == 8)
                schema = await Declare(node, new FeedField("b", FieldType.Float64) { Id = "1" }, new FeedField("new", FieldType.Text));
            await node.CommitAsync(schema, (i, i < 8 ? [i] : [i + 0.5, "x"]));
            expected.Add(i < 8 ? [(double)i, null] : [i + 0.5, "x"]);
            await node.Closer.CloseAllAsync();
        }

        await node.Get<SegmentCompactor>().CompactAsync(() => true);
        await node.Store.Obsolete.DeleteUnreadAsync();

        node.Files().Length.ShouldBe(1);
        await CheckEverywhereAsync(node, [.. expected], "b >= 0");
        ParquetFile.Query($"SELECT * FROM read_parquet('{node.Feeds}/f/**/*.parquet')").Names.ShouldContain("b");
    }

    private static async Task<FeedSchema> Declare(StoreNode node, params FeedField[] fields) =>
        await node.Store.DeclareAsync(new FeedDeclaration(null, "f", fields));

    private static async Task CheckEverywhereAsync(StoreNode node, object?[][] expected, string filter)
    {
        async Task CheckAsync(StoreNode of)
        {
            (await of.ReadAsync("f")).Select(r => r.Values).ShouldBe(expected);
            (await of.ReadAsync("f", filter)).Select(r => r.Values).ShouldBe(expected);
        }

        await CheckAsync(node);
        (await node.Closer.CloseAllAsync()).ShouldBeTrue();
        await CheckAsync(node);
        await node.AbandonAsync();
        StoreNode again = await StoreNode.StartAsync(node.Folder);
        await CheckAsync(again);
        await again.AbandonAsync();
    }
}
