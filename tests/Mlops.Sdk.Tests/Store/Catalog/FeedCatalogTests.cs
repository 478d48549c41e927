using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store.Catalog;

public class FeedCatalogTests
{
    [Fact]
    public async Task DeclareAsync_TwoOriginsWithTheSameId_AppendsAHashToTheSecondForGood()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema first = await Declare(node, new FeedOrigin("App", "Line 4", "data"));
        FeedSchema second = await Declare(node, new FeedOrigin("app", "line-4", "Data"));

        first.Feed.ShouldBe("app.line-4.data");
        second.Feed.ShouldMatch("^app\\.line-4\\.data-[0-9a-f]{4}$");
        second.Origin.ShouldBe(new FeedOrigin("app", "line-4", "Data"));
        await node.StopAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        (await Declare(again, new FeedOrigin("App", "Line 4", "data"))).Feed.ShouldBe(first.Feed);
        (await Declare(again, new FeedOrigin("app", "line-4", "Data"))).Feed.ShouldBe(second.Feed);
        again.Store.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task DeclareAsync_OriginOfAFeedThatCodeWroteTo_IsThatFeed()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await node.DeclareAsync("app.line.data", ("a", FieldType.Int64));

        FeedSchema schema = await Declare(node, new FeedOrigin("App", "Line", "Data"), new FeedField("b", FieldType.Text));

        (schema.Feed, schema.Version).ShouldBe(("app.line.data", 1));
        schema.Fields.Select(f => f.Name).ShouldBe(["a", "b"]);
        schema.Origin.ShouldBe(new FeedOrigin("App", "Line", "Data"));
    }

    [Fact]
    public async Task DeclareAsync_OnlyMetadata_CreatesTheFeedWithItsFields()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await Declare(node, new FeedOrigin("a", "b", "c"), new FeedField("temp", FieldType.Float64) { Unit = "°C", SourceType = "LReal" });
        await node.AbandonAsync();

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        FeedSchema schema = again.Store.Find("a.b.c")!;
        schema.Fields.ShouldBe([new FeedField("temp", FieldType.Float64) { Unit = "°C", SourceType = "LReal" }]);
        (schema.Version, schema.Origin).ShouldBe((1, new FeedOrigin("a", "b", "c")));
    }

    [Fact]
    public async Task DeclareAsync_NothingNew_ReturnsTheSameSchema()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema first = await node.DeclareAsync("f", ("a", FieldType.Int64), ("b", FieldType.Text));

        (await node.DeclareAsync("F", ("b", FieldType.Text))).ShouldBeSameAs(first);
    }

    [Fact]
    public async Task DeclareAsync_NewField_OlderRecordsReadNullThere()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await node.DeclareAsync("f", ("a", FieldType.Int64));
        await node.CommitAsync(one, (1, [1]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(one, (2, [2]));
        FeedSchema two = await node.DeclareAsync("f", ("b", FieldType.Text));
        await node.CommitAsync(two, (3, [3, "x"]));
        await node.CommitAsync(one, (4, [4]));

        two.Version.ShouldBe(1);
        object?[][] expected = [[1L, null], [2L, null], [3L, "x"], [4L, null]];
        await CheckEverywhereAsync(node, expected, filter: "a > 0");
    }

    [Fact]
    public async Task DeclareAsync_IntegerBecomesFloatingPoint_WidensOlderValuesInTheSameVersion()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await node.DeclareAsync("f", ("a", FieldType.Int64));
        await node.CommitAsync(one, (1, [1]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(one, (2, [2]), (2, [null]));
        FeedSchema two = await node.DeclareAsync("f", ("a", FieldType.Float64));
        await node.CommitAsync(two, (3, [3.5]));

        (two.Version, two.Fields[0].Type).ShouldBe((1, FieldType.Float64));
        object?[][] expected = [[1.0], [2.0], [null], [3.5]];
        await CheckEverywhereAsync(node, expected, filter: "a IS NULL OR a > 0.5");
    }

    [Fact]
    public async Task DeclareAsync_IncompatibleType_StartsAVersionAndKeepsOlderValuesInTheirFiles()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema one = await node.DeclareAsync("f", ("a", FieldType.Float64), ("b", FieldType.Int64));
        await node.CommitAsync(one, (1, [1.5, 1]));
        FeedSchema two = await node.DeclareAsync("f", ("a", FieldType.Text));
        await node.CommitAsync(two, (2, ["new", 2]));
        await node.CommitAsync(one, (3, [3.5, 3]));

        two.Version.ShouldBe(2);
        node.Logs.Texts(1001).ShouldHaveSingleItem().ShouldContain("'a' was Float64 and is now Text");
        object?[][] expected = [[null, 1L], ["new", 2L], [null, 3L]];
        await CheckEverywhereAsync(node, expected, filter: "b > 0");

        string[] files = node.Files();
        files.Length.ShouldBe(3, "a file holds one version");
        ParquetFile.Read(Path.Combine(node.Feeds, files[0])).Column("a").ShouldBe([1.5]);
        ParquetFile.Read(Path.Combine(node.Feeds, files[1])).Column("a").ShouldBe(["new"]);
    }

    [Fact]
    public async Task DeclareAsync_NamesThatDuckDbTakesForTheSame_GetColumnsOfTheirOwn()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("temp", FieldType.Int64), ("Temp", FieldType.Int64), ("_Position", FieldType.Int64), ("we \"ird\" 'one'", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1, 2, 3, 4]));
        await node.DeclareAsync("f", ("TEMP", FieldType.Int64));

        await CheckEverywhereAsync(node, [[1L, 2L, 3L, 4L, null]], filter: "temp = 1 AND Temp_2 = 2 AND \"_position_2\" = 3 AND \"we \"\"ird\"\" 'one'\" = 4 AND \"TEMP_3\" IS NULL");
        ParquetFile file = ParquetFile.Read(Path.Combine(node.Feeds, node.Files()[0]));
        file.Names.ShouldBe(["_position", "_timestamp", "_received", "_quality", "_seq", "_rseq", "temp", "Temp_2", "_Position_2", "we \"ird\" 'one'", "TEMP_3"]);
    }

    [Fact]
    public async Task DeclareAsync_VeryLongNames_GiveAnIdThatIsAFolderName()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema a = await Declare(node, new FeedOrigin(new string('a', 300), "b", "c"), new FeedField("n", FieldType.Int64));
        FeedSchema b = await Declare(node, new FeedOrigin(new string('a', 300), "b", "d"), new FeedField("n", FieldType.Int64));

        a.Feed.Length.ShouldBeLessThan(220);
        b.Feed.ShouldNotBe(a.Feed);
        await node.CommitAsync(a, (1, [1]));
        (await node.Closer.CloseAllAsync()).ShouldBeTrue();
        (await Declare(node, new FeedOrigin(new string('a', 300), "b", "c"))).Feed.ShouldBe(a.Feed);
    }

    [Fact]
    public async Task DeclareAsync_FromManyThreads_LosesNoField()
    {
        await using StoreNode node = await StoreNode.StartAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 50), async (i, _) => await node.DeclareAsync("f", ($"field{i}", FieldType.Int64), ("common", FieldType.Text)));

        node.Store.Find("f")!.Fields.Select(f => f.Name).Order().ShouldBe(Enumerable.Range(0, 50).Select(i => $"field{i}").Append("common").Order());
        await node.AbandonAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        again.Store.Find("f")!.Fields.Count.ShouldBe(51);
    }

    [Fact]
    public async Task DeclareAsync_UselessDeclaration_SaysWhatIsWrong()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        async Task<string> Refused(FeedDeclaration declaration) => (await Should.ThrowAsync<ArgumentException>(async () => await node.Store.DeclareAsync(declaration))).Message;

        (await Refused(new FeedDeclaration(null, " ", []))).ShouldContain("without a name");
        (await Refused(new FeedDeclaration(null, "f", [new("a", FieldType.Int64), new("a", FieldType.Text)]))).ShouldContain("'f': the field 'a' is declared twice");
        (await Refused(new FeedDeclaration(null, "f", [new("", FieldType.Int64)]))).ShouldContain("'f': a field has no usable name");
        (await Refused(new FeedDeclaration(null, "f", [new("a", (FieldType)99)]))).ShouldContain("unknown type 99");
        node.Store.List().ShouldBeEmpty();
    }

    private static async Task<FeedSchema> Declare(StoreNode node, FeedOrigin origin, params FeedField[] fields) =>
        await node.Store.DeclareAsync(new FeedDeclaration(origin, null, fields));

    /// <summary>Reads from the log, directly and through DuckDB, from files, and after a restart.</summary>
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
