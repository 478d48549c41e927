using System.Text;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Tests.Store.Selection;

/// <summary>A selection straight from the log gives what the query engine makes of the same rows, and of the files that they become.</summary>
public class LogSelectionTests
{
    private const int Records = 25_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task SelectAsync_FromTheLog_EqualsTheEngineAndTheFiles(int seed)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:SegmentBytes=256 MB"]);
        await FillAsync(node, new Random(seed));
        await node.Get<ILabels>().AddAsync("f", [
            .. Enumerable.Range(1, 300).Select(i => new Label { Set = "q", Value = $"p{i % 3}", Position = i * 7 }),
            new Label { Set = "q", Value = "interval", From = 40_000_000_000, To = 60_000_000_000 },
            new Label { Set = "q", Value = "key", KeyField = "t", KeyValue = "value 7" }]);
        var requests = Requests().ToList();
        var expected = new List<(string Hash, List<Row> Rows)>();
        foreach (SelectionRequest request in requests)
        {
            // With a filter, rows of the log go through the query engine.
            (string Hash, List<Row> Rows) engine = await SelectAsync(node, request with { Filter = "true" });
            (string Hash, List<Row> Rows) log = await SelectAsync(node, request);
            log.Hash.ShouldBe(engine.Hash, request.ToString());
            Same(log.Rows, engine.Rows);
            expected.Add(log);
        }

        expected.Select(e => e.Rows.Count).ShouldAllBe(count => count > 0);
        (await node.Closer.CloseAllAsync()).ShouldBeTrue();
        for (int i = 0; i < requests.Count; i++)
        {
            (string Hash, List<Row> Rows) files = await SelectAsync(node, requests[i]);
            files.Hash.ShouldBe(expected[i].Hash, requests[i].ToString());
            Same(files.Rows, expected[i].Rows);
        }
    }

    [Fact]
    public async Task SelectAsync_PartsInFilesAndInTheLog_EqualsEverythingInTheLog()
    {
        await using StoreNode whole = await StoreNode.StartAsync();
        await FillAsync(whole, new Random(9));
        await using StoreNode parts = await StoreNode.StartAsync();
        await FillAsync(parts, new Random(9), 3, 4, 9);

        parts.Files().Length.ShouldBeGreaterThan(3);
        foreach (SelectionRequest request in Requests().Where(r => r.Label != "q"))
            (await SelectAsync(parts, request)).Hash.ShouldBe((await SelectAsync(whole, request)).Hash, request.ToString());
    }

    private static IEnumerable<SelectionRequest> Requests()
    {
        var all = new SelectionRequest { Feed = "f" };
        yield return all;
        yield return all with { From = 20_000_000_000, To = 70_000_000_000, MinimumQuality = 2 };
        yield return all with { Limit = 1234 };
        yield return all with { Label = "t" };
        yield return all with { Label = "b", Limit = 5000 };
        yield return all with { Label = "q" };
        yield return all with { Label = "q", Balance = new ClassBalance(20, 5) };
        yield return all with { Label = "b", Balance = new ClassBalance(500, 5) };
        yield return all with { Split = new SplitRule(SplitKind.Group, 0.4, 3, "i") };
        yield return all with { Split = new SplitRule(SplitKind.Time, 0.25) };
        yield return all with
        {
            Inputs = [
                (new("d", InputType.Number), "d"), (new("same", InputType.Number), "d"), (new("kelvin", InputType.Number, "K"), "d"), (new("flag", InputType.Number), "b"),
                (new("i", InputType.Number), "i"), (new("u", InputType.Number), "u"), (new("whole", InputType.Integer), "u"), (new("text", InputType.Text), "t"), (new("late", InputType.Number), "late")],
        };
        yield return all with { Inputs = [(new("fahrenheit", InputType.Number, "°F"), "i")], Label = "late" };
    }

    private static async Task FillAsync(StoreNode node, Random random, params int[] closeAfter)
    {
        FeedField[] first = [
            new("d", FieldType.Float64) { Unit = "°C" }, new("i", FieldType.Int64) { Unit = "°C", Id = "7" }, new("u", FieldType.UInt64), new("b", FieldType.Boolean),
            new("t", FieldType.Text), new("at", FieldType.Timestamp), new("numbers", FieldType.Float64List), new("changed", FieldType.Int64), new("widened", FieldType.Int64)];
        FeedField[] second = [.. first[..7], new("changed", FieldType.Text), new("widened", FieldType.Float64), new("late", FieldType.Float64)];
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "f", first));
        for (int commit = 0, done = 0; done < Records; commit++)
        {
            if (commit == 6)
                schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "f", second));
            var rows = new RecordBatchBuilder(schema);
            int count = Math.Min(random.Next(1, 3000), Records - done);
            for (int i = 0; i < count; i++)
                Add(rows, random, done + i);
            using RecordBatch batch = rows.Build(await node.Store.ReservePositionsAsync(count));
            await node.CommitAsync(batch);
            done += count;
            if (closeAfter.Contains(commit))
                await node.Closer.CloseAllAsync();
        }
    }

    private static void Add(RecordBatchBuilder rows, Random random, int number)
    {
        // Out of order, several of one time, some numbered.
        rows.BeginRow(((number / 300) + random.Next(5)) * 1_000_000_000L, received: number, sequence: number % 5 == 0 ? number : RecordBatch.NoSequence);
        rows.AddQuality((byte)random.Next(4));
        for (int c = 0; c < rows.Schema.Fields.Count; c++)
        {
            if (random.Next(8) > 0)
                Set(rows, c, random);
        }

        rows.EndRow();
    }

    private static void Set(RecordBatchBuilder rows, int column, Random random)
    {
        switch (rows.Schema.Fields[column].Type)
        {
            case FieldType.Float64:
                rows.SetFloat64(column, random.Next(20) switch { 0 => double.NaN, 1 => -0.0, 2 => double.PositiveInfinity, 3 => double.Epsilon, 4 => -BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001), _ => (random.NextDouble() - 0.5) * 1000 });
                break;
            case FieldType.Int64:
                rows.SetInt64(column, random.Next(20) switch { 0 => long.MaxValue, 1 => long.MinValue, 2 => (1L << 53) + 1, _ => random.Next(40) });
                break;
            case FieldType.UInt64:
                rows.SetUInt64(column, random.Next(20) switch { 0 => ulong.MaxValue, 1 => (1UL << 63) + 1025, 2 => (1UL << 53) + 1, _ => (ulong)random.Next(40) });
                break;
            case FieldType.Boolean:
                rows.SetBoolean(column, random.Next(2) == 0);
                break;
            case FieldType.Timestamp:
                rows.SetInstant(column, random.NextInt64(4_000_000_000_000_000_000));
                break;
            case FieldType.Float64List:
                rows.SetList<double>(column, [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.NextDouble())]);
                break;
            default:
                // The last is no UTF-8: assets send such.
                rows.SetText(column, random.Next(12) switch { 0 => [], 1 => Encoding.UTF8.GetBytes("größer ‰ 漢字 🙂"), 2 => [0x61, 0xC3], _ => Encoding.UTF8.GetBytes($"value {random.Next(40)}") });
                break;
        }
    }

    private static async Task<(string Hash, List<Row> Rows)> SelectAsync(StoreNode node, SelectionRequest request)
    {
        using SelectedData data = await node.Get<ITrainingSelection>().SelectAsync(request, CancellationToken.None);
        List<Row> rows = [.. data.Data.Batches.Concat(data.HeldOut?.Batches ?? []).SelectMany(Row.Of)];
        rows.Count.ShouldBe((int)data.Snapshot.Records);
        return (data.Snapshot.Hash, rows);
    }

    private static void Same(List<Row> rows, List<Row> expected)
    {
        rows.Count.ShouldBe(expected.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            (Row row, Row other) = (rows[i], expected[i]);
            (row.Position, row.Time, row.Quality, row.Sequence).ShouldBe((other.Position, other.Time, other.Quality, other.Sequence));
            if (!row.Values.SequenceEqual(other.Values))
                row.Values.ShouldBe(other.Values, $"record {row.Position}");
        }
    }
}
