using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Compaction;

namespace Mlops.Tests.Store.Segments;

/// <summary>Feeds of as many fields as the memory of the query engine allows.</summary>
public class WideFeedTests
{
    private const int Memory = 32;
    private const int MostNumbers = Memory * 1024 / 96;
    private const int MostTexts = Memory * 1024 / 512;

    [Theory]
    [InlineData(FieldType.Float64, MostNumbers)]
    [InlineData(FieldType.Text, MostTexts)]
    public async Task CloseAllAsync_AsManyFieldsAsThereMayBe_BecomesFilesThatCanBeRead(FieldType type, int count)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: [$"Store:QueryMemory={Memory} MB", "Store:CompactionFiles=2"]);
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "wide", [.. Fields(count, type)]));
        for (int part = 0; part < 2; part++)
        {
            await CommitAsync(node, schema, rows: 3000, first: part * 3000);
            (await node.Closer.CloseAllAsync()).ShouldBeTrue(string.Join('\n', node.Logs.Texts(1006)));
        }

        await node.Get<SegmentCompactor>().CompactAsync(() => true);

        List<Row> rows = await node.ReadAsync(new FeedQuery { Feed = "wide", AfterPosition = 5990 });
        rows.Select(r => r.Position).ShouldBe(Enumerable.Range(5991, 10).Select(p => (long)p));
        (await node.ReadAsync("wide")).Select(r => r.Position).ShouldBe(Enumerable.Range(1, 6000).Select(p => (long)p));
        using (SelectedData selected = await node.Get<ITrainingSelection>().SelectAsync(new SelectionRequest { Feed = "wide" }, CancellationToken.None))
            selected.Snapshot.Records.ShouldBe(6000);
        foreach (int column in new[] { 0, count - 1 })
            rows[^1][column].ShouldBe(type == FieldType.Float64 ? Number(5999, column) : Text(5999, column));
    }

    [Theory]
    [InlineData(FieldType.Float64, MostNumbers)]
    [InlineData(FieldType.Text, MostTexts)]
    public async Task CloseAllAsync_WhileAsManyFieldsAreRead_BothSucceed(FieldType type, int count)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: [$"Store:QueryMemory={Memory} MB"]);
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "wide", [.. Fields(count, type)]));
        await CommitAsync(node, schema, rows: 6000, first: 0);
        (await node.Closer.CloseAllAsync()).ShouldBeTrue();
        await CommitAsync(node, schema, rows: 6000, first: 6000);
        long read = 0;

        await foreach (RecordBatch batch in node.Store.ReadAsync(new FeedQuery { Feed = "wide", ToPosition = 6000 }))
        {
            using (batch)
                read += batch.Count;
            if (read == batch.Count)
                (await node.Closer.CloseAllAsync()).ShouldBeTrue(string.Join('\n', node.Logs.Texts(1006)));
        }

        read.ShouldBe(6000);
        node.Logs.Texts(1006).ShouldBeEmpty();
        (await node.ReadAsync(new FeedQuery { Feed = "wide", AfterPosition = 11_999 })).Single()[0].ShouldBe(type == FieldType.Float64 ? Number(11_999, 0) : Text(11_999, 0));
    }

    [Fact]
    public async Task DeclareAsync_MoreFields_IsRefusedWithWhatHelps()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: [$"Store:QueryMemory={Memory} MB"]);
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "wide", [.. Fields(MostNumbers, FieldType.Int64)]));

        ArgumentException more = await Should.ThrowAsync<ArgumentException>(async () => await node.Store.DeclareAsync(new FeedDeclaration(null, "wide", [.. Fields(MostNumbers + 1, FieldType.Int64)])));
        ArgumentException anew = await Should.ThrowAsync<ArgumentException>(async () => await node.Store.DeclareAsync(new FeedDeclaration(null, "other", [.. Fields(10_000, FieldType.Int64)])));

        more.Message.ShouldContain("Feed 'wide' would have 342 fields, of which files can be written with 33 MB of memory; Mlops:Store:QueryMemory is 32 MB.");
        anew.Message.ShouldContain("Feed 'other' would have 10000 fields, of which files can be written with 938 MB of memory");
        node.Store.Find("wide").ShouldBe(schema);
        node.Store.Find("other").ShouldBeNull();
    }

    private static IEnumerable<FeedField> Fields(int count, FieldType type) => Enumerable.Range(0, count).Select(i => new FeedField($"f{i}", type));

    private static async Task CommitAsync(StoreNode node, FeedSchema schema, int rows, int first)
    {
        var builder = new RecordBatchBuilder(schema, rows);
        for (int row = first; row < first + rows; row++)
        {
            builder.BeginRow(row);
            for (int c = 0; c < schema.Fields.Count; c++)
            {
                if (schema.Fields[c].Type == FieldType.Float64)
                    builder.SetFloat64(c, Number(row, c));
                else
                    builder.SetText(c, Encoding.UTF8.GetBytes(Text(row, c)));
            }

            builder.EndRow();
        }

        using RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(rows));
        await node.CommitAsync(batch);
    }

    private static double Number(int row, int column) => row + (column / 1000.0);

    private static string Text(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"text {row * 31} of {column}");
}
