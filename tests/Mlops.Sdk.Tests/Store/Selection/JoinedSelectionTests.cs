using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Tests.Store.Selection;

public class JoinedSelectionTests
{
    [Theory]
    [InlineData(null, false, new object?[] { null, 1.0, 1.0, 3.5, 6.0 })]
    [InlineData(1L, false, new object?[] { null, 1.0, null, 3.5, 6.0 })]
    [InlineData(1L, true, new object?[] { 1.0, 3.5, 6.0 })]
    [InlineData(null, true, new object?[] { 1.0, 1.0, 3.5, 6.0 })]
    public async Task SelectAsync_TwoFeeds_JoinsTheNewestNotNewer(long? toleranceSeconds, bool required, object?[] expected)
    {
        await using StoreNode node = await OvenAsync();

        using SelectedData data = await SelectAsync(node, Joined(toleranceSeconds, required));

        data.Data.Inputs.Fields.Select(f => (f.Name, f.Type)).ShouldBe([("part", FieldType.Float64), ("heat", FieldType.Float64)]);
        Table(data).Select(r => r[1]).ShouldBe(expected);
    }

    [Fact]
    public async Task SelectAsync_TwoFeedsWithFilterLimitAndLabel_AllHold()
    {
        await using StoreNode node = await OvenAsync();

        using SelectedData data = await SelectAsync(node, Joined(null, required: true) with { Label = "side", Filter = "part > 1", Limit = 2 });

        Table(data).ShouldBe([[4.0, 3.5, "left"], [6.0, 6.0, "right"]]);
    }

    [Fact]
    public async Task SelectAsync_ValuesOfPoorQuality_AreLeftOutOfEveryFeed()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await CommitAsync(node, await node.DeclareAsync("a", ("x", FieldType.Float64)), (1, 1.0, 3), (2, 2.0, 0), (3, 3.0, 2));
        await CommitAsync(node, await node.DeclareAsync("b", ("y", FieldType.Float64)), (1, 10.0, 3), (3, 30.0, 0));

        using SelectedData data = await SelectAsync(node, new SelectionRequest
        {
            Feed = "a",
            Inputs = [(new("x", InputType.Number), "x")],
            Joins = [new JoinedFeed("b", [(new("y", InputType.Number), "y")])],
            MinimumQuality = 2,
        });

        Table(data).ShouldBe([[1.0, 10.0], [3.0, 10.0]]);
    }

    [Fact]
    public async Task RepeatAsync_MoreArrivedAndLabelsChanged_GivesTheSame()
    {
        await using StoreNode node = await OvenAsync();
        var labels = node.Get<ILabels>();
        await labels.AddAsync("press", [new Label { Set = "q", Value = "good", Position = 1 }, new Label { Set = "q", Value = "bad", Position = 2 }]);
        using SelectedData first = await SelectAsync(node, Joined(2, required: false) with { Label = "q", Split = new SplitRule(SplitKind.Random, 0.5, 3) });
        await labels.AddAsync("press", [new Label { Set = "q", Value = "bad", Position = 1 }, new Label { Set = "q", Value = "new", Position = 4 }]);
        await labels.DeleteAsync("press", [2]);
        await node.CommitAsync(await node.DeclareAsync("press"), (7, [7.0, "left"]));
        await node.CommitAsync(await node.DeclareAsync("oven"), (1, [99.0]));
        await node.Closer.CloseAllAsync();

        using SelectedData again = await node.Get<ITrainingSelection>().RepeatAsync(first.Snapshot, CancellationToken.None);

        again.Snapshot.ShouldBe(first.Snapshot);
        Table(again).ShouldBe(Table(first));
        using SelectedData now = await SelectAsync(node, Joined(2, required: false) with { Label = "q" });
        now.Snapshot.Hash.ShouldNotBe(first.Snapshot.Hash);
    }

    [Fact]
    public async Task RepeatAsync_RecordsAreGone_SaysSo()
    {
        await using StoreNode node = await OvenAsync();
        using SelectedData first = await SelectAsync(node, Joined(null, required: false));
        await node.Closer.CloseAllAsync();
        File.Delete(Path.Combine(node.Feeds, node.Files().First(f => f.StartsWith("press", StringComparison.Ordinal))));

        WorkflowException error = await Should.ThrowAsync<WorkflowException>(() => node.Get<ITrainingSelection>().RepeatAsync(first.Snapshot, CancellationToken.None));

        error.Message.ShouldContain("'press'");
    }

    [Theory]
    [InlineData(null, 3, 3)]
    [InlineData(2, 2, 2)]
    [InlineData(50, 50, 3)]
    public async Task SelectAsync_Balanced_KeepsAsManyOfEachClass(int? perClass, int common, int rare)
    {
        await using StoreNode node = await ManyAsync();
        var request = new SelectionRequest { Feed = "many", Label = "kind", Balance = new ClassBalance(perClass, Seed: 5) };

        using SelectedData data = await SelectAsync(node, request);
        using SelectedData same = await SelectAsync(node, request);
        using SelectedData other = await SelectAsync(node, request with { Balance = new ClassBalance(perClass, Seed: 6) });

        Table(data).CountBy(r => (string)r[^1]!).ToDictionary().ShouldBe(new Dictionary<string, int> { ["common"] = common, ["rare"] = rare }, ignoreOrder: true);
        same.Snapshot.ShouldBe(data.Snapshot);
        other.Snapshot.Hash.ShouldNotBe(data.Snapshot.Hash);
    }

    [Fact]
    public async Task SelectAsync_BalancedByLabelSet_KeepsAsManyOfEachClass()
    {
        await using StoreNode node = await ManyAsync();
        await node.Get<ILabels>().AddAsync("many", [.. Enumerable.Range(1, 50).Select(p => new Label { Set = "q", Value = p % 10 == 0 ? "odd" : "plain", Position = p })]);

        using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "many", Label = "q", Balance = new ClassBalance() });

        Table(data).CountBy(r => (string)r[^1]!).ShouldBe([new("plain", 5), new("odd", 5)], ignoreOrder: true);
    }

    [Fact]
    public async Task SelectAsync_BalanceWithoutClasses_IsRefused()
    {
        await using StoreNode node = await ManyAsync();
        var request = new SelectionRequest { Feed = "many", Balance = new ClassBalance() };

        (await Should.ThrowAsync<WorkflowException>(() => SelectAsync(node, request))).Message.ShouldContain("has no label");
        (await Should.ThrowAsync<WorkflowException>(() => SelectAsync(node, request with { Label = "x" }))).Message.ShouldContain("'x' is Float64, which has no classes");
    }

    [Theory]
    [InlineData(SplitKind.Random)]
    [InlineData(SplitKind.Time)]
    [InlineData(SplitKind.Group)]
    public async Task SelectAsync_Split_PartsAllRecordsOnce(SplitKind kind)
    {
        await using StoreNode node = await ManyAsync();
        var request = new SelectionRequest { Feed = "many", Split = new SplitRule(kind, 0.3, Seed: 1, Field: "batch") };

        using SelectedData whole = await SelectAsync(node, request with { Split = null });
        using SelectedData data = await SelectAsync(node, request);
        using SelectedData same = await SelectAsync(node, request);

        List<Row> kept = Rows(data.Data), heldOut = Rows(data.HeldOut!);
        kept.Concat(heldOut).Select(r => r.Position).Order().ShouldBe(Rows(whole.Data).Select(r => r.Position));
        Rows(same.HeldOut!).Select(r => r.Position).ShouldBe(heldOut.Select(r => r.Position));
        (data.Snapshot.Records, data.Snapshot.HeldOut, data.Snapshot.Hash).ShouldBe((100, heldOut.Count, whole.Snapshot.Hash));
        heldOut.Count.ShouldBeInRange(10, 50);
        if (kind == SplitKind.Time)
        {
            heldOut.Count.ShouldBe(30);
            kept.Max(r => r.Position).ShouldBeLessThan(heldOut.Min(r => r.Position));
        }
        else if (kind == SplitKind.Group)
        {
            kept.Select(r => r.Values[1]).Intersect(heldOut.Select(r => r.Values[1])).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(SplitKind.Random, 1.0, null, "is 1. Give a number between 0 and 1")]
    [InlineData(SplitKind.Group, 0.5, "nothing", "of the field 'nothing', which feed 'many' does not have. Its fields: x, batch, kind")]
    public async Task SelectAsync_SplitThatCannotBe_IsRefused(SplitKind kind, double part, string? field, string reason)
    {
        await using StoreNode node = await ManyAsync();

        WorkflowException error = await Should.ThrowAsync<WorkflowException>(() => SelectAsync(node, new SelectionRequest { Feed = "many", Split = new SplitRule(kind, part, Field: field) }));

        error.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task SelectAsync_PreferredSourceAndAuthor_WinOverNewer()
    {
        await using StoreNode node = await ManyAsync();
        await node.Get<ILabels>().AddAsync("many", [
            new Label { Set = "q", Value = "lab", Position = 1, Source = "lab", Author = "ann" },
            new Label { Set = "q", Value = "bob", Position = 1, Source = "line", Author = "bob" },
            new Label { Set = "q", Value = "ann", Position = 1, Source = "line", Author = "ann" },
            new Label { Set = "q", Value = "newest", Position = 1, Source = "line", Author = "joe" }]);
        var request = new SelectionRequest { Feed = "many", Label = "q" };

        async Task<object?> LabelAsync(SelectionRequest r)
        {
            using SelectedData data = await SelectAsync(node, r);
            return Table(data).ShouldHaveSingleItem()[^1];
        }

        (await LabelAsync(request)).ShouldBe("newest");
        (await LabelAsync(request with { LabelSources = ["lab"] })).ShouldBe("lab");
        (await LabelAsync(request with { LabelAuthors = ["bob", "ann"] })).ShouldBe("bob");
        (await LabelAsync(request with { LabelSources = ["line"], LabelAuthors = ["ann"] })).ShouldBe("ann");
    }

    private static SelectionRequest Joined(long? toleranceSeconds, bool required) => new()
    {
        Feed = "press",
        Inputs = [(new("part", InputType.Number), "part")],
        Joins = [new JoinedFeed("oven", [(new("heat", InputType.Number), "t")], toleranceSeconds * 1_000_000_000, required)],
    };

    /// <summary>Parts 0, 1, 3, 4, 6 pressed at those seconds; the oven spoke at 1 (twice, late and in a file), 3.5 and 6.</summary>
    private static async Task<StoreNode> OvenAsync()
    {
        StoreNode node = await StoreNode.StartAsync();
        FeedSchema press = await node.DeclareAsync("press", ("part", FieldType.Float64), ("side", FieldType.Text));
        FeedSchema oven = await node.DeclareAsync("oven", ("t", FieldType.Float64));
        await node.CommitAsync(press, (0, [0.0, "left"]), (1, [1.0, "left"]));
        await node.CommitAsync(oven, (1, [0.5]), (6, [6.0]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(press, (3, [3.0, "right"]), (4, [4.0, "left"]), (6, [6.0, "right"]));
        await node.CommitAsync(oven, (1, [1.0]), (4, [3.5]));
        return node;
    }

    private static async Task<StoreNode> ManyAsync()
    {
        StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("many", ("x", FieldType.Float64), ("batch", FieldType.Text), ("kind", FieldType.Text));
        await node.CommitAsync(schema, [.. Enumerable.Range(0, 100).Select(i => ((long)i, new object?[] { (double)i, $"b{i / 5}", i % 40 == 7 ? "rare" : "common" }))]);
        return node;
    }

    private static async Task CommitAsync(StoreNode node, FeedSchema schema, params (long Time, double Value, byte Quality)[] rows)
    {
        var builder = new RecordBatchBuilder(schema);
        foreach ((long time, double value, byte quality) in rows)
        {
            builder.BeginRow(time * 1_000_000_000);
            builder.SetFloat64(0, value);
            builder.AddQuality(quality);
            builder.EndRow();
        }

        using RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(rows.Length));
        await node.CommitAsync(batch);
    }

    private static Task<SelectedData> SelectAsync(StoreNode node, SelectionRequest request) => node.Get<ITrainingSelection>().SelectAsync(request, CancellationToken.None);

    private static List<Row> Rows(TrainingData data) => [.. data.Batches.SelectMany(Row.Of)];

    private static object?[][] Table(SelectedData data) => [.. Rows(data.Data).Select(r => r.Values)];
}
