using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Store.Selection;

public class TrainingSelectionTests
{
    [Fact]
    public async Task SelectAsync_LabelIsAField_LeavesOutRecordsWithoutIt()
    {
        await using StoreNode node = await BoardsAsync();

        using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "side" });

        Names(data).ShouldBe(["id", "height", "big", "ok"]);
        data.Data.LabelType.ShouldBe(FieldType.Text);
        Table(data).ShouldBe([["b1", 10.0, 1UL, true, "left"], ["b2", 20.0, 2UL, false, "right"], ["b4", 40.0, null, null, "left"]]);
        (data.Snapshot.Records, data.Snapshot.FirstPosition, data.Snapshot.LastPosition, data.Snapshot.Labels, data.Snapshot.Feed).ShouldBe((3, 1, 4, "side", "boards"));
    }

    [Fact]
    public async Task SelectAsync_BoundInputs_RenamesAndConverts()
    {
        await using StoreNode node = await BoardsAsync();

        using SelectedData data = await SelectAsync(node, new SelectionRequest
        {
            Feed = "boards",
            Inputs = [(new("h", InputType.Number), "height"), (new("n", InputType.Number), "big"), (new("whole", InputType.Integer), "big"), (new("flag", InputType.Boolean), "ok"), (new("asNumber", InputType.Number), "ok"), (new("name", InputType.Text), "id")],
        });

        data.Data.Inputs.Fields.Select(f => (f.Name, f.Type)).ShouldBe([
            ("h", FieldType.Float64), ("n", FieldType.Float64), ("whole", FieldType.UInt64), ("flag", FieldType.Boolean), ("asNumber", FieldType.Float64), ("name", FieldType.Text)]);
        data.Data.LabelType.ShouldBeNull();
        Table(data)[..2].ShouldBe([[10.0, 1.0, 1UL, true, 1.0, "b1"], [20.0, 2.0, 2UL, false, 0.0, "b2"]]);
        data.Data.Rows.ShouldBe(5);
    }

    [Fact]
    public async Task SelectAsync_InputInAnotherUnit_Converts()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "oven", [new FeedField("t", FieldType.Int64) { Unit = "°F" }]));
        await node.CommitAsync(schema, (1, [212L]), (2, [null]), (3, [-40L]));

        using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "oven", Inputs = [(new("celsius", InputType.Number, "°C"), "t")] });

        data.Data.Inputs.Fields.ShouldBe([new FeedField("celsius", FieldType.Float64) { Unit = "°C" }], "predictions convert to what the model learned from");
        object?[] values = [.. Table(data).Select(r => r[0])];
        ((double)values[0]!).ShouldBe(100, 1e-9);
        values[1].ShouldBeNull();
        ((double)values[2]!).ShouldBe(-40, 1e-9);
    }

    [Fact]
    public async Task SelectAsync_LabelsByAllFourKinds_JoinsEach()
    {
        await using StoreNode node = await BoardsAsync();
        await AddAsync(
            node,
            new Label { Set = "q", Value = "by position", Position = 1 },
            new Label { Set = "q", Value = "by sequence", Sequence = 102 },
            new Label { Set = "q", Value = "by key", KeyField = "id", KeyValue = "b3" },
            new Label { Set = "q", Value = "by number", KeyField = "height", KeyValue = "40" },
            new Label { Set = "q", Value = "by interval", From = 5_000_000_000, To = 6_000_000_000 },
            new Label { Set = "q", Value = "nobody", KeyField = "id", KeyValue = "b99" },
            new Label { Set = "q", Value = "nobody", Sequence = 999 },
            new Label { Set = "other", Value = "not asked for", Position = 1 });

        using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "q", Inputs = [(new("h", InputType.Number), "height")] });

        Table(data).ShouldBe([[10.0, "by position"], [20.0, "by sequence"], [30.0, "by key"], [40.0, "by number"], [50.0, "by interval"]]);
        data.Data.Inputs.Fields.Count.ShouldBe(1);
        data.Data.Batches[0].Schema.Fields[^1].ShouldBe(new FeedField("label", FieldType.Text));
    }

    [Fact]
    public async Task SelectAsync_SeveralLabelsForARecord_TakesTheNewestOfThePreferredSource()
    {
        await using StoreNode node = await BoardsAsync("Store:LabelSources:0=expert", "Store:LabelSources:1=api");
        await AddAsync(
            node,
            new Label { Set = "q", Value = "old expert", Position = 1, Source = "expert" },
            new Label { Set = "q", Value = "new expert", KeyField = "id", KeyValue = "b1", Source = "expert" },
            new Label { Set = "q", Value = "newer api", Position = 1 },
            new Label { Set = "q", Value = "api", Position = 2 },
            new Label { Set = "q", Value = "newest but unknown", From = 0, To = 3_000_000_000, Source = "somebody" });

        using SelectedData preferred = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "q", Inputs = [] });
        Table(preferred).ShouldBe([["new expert"], ["api"]]);
        await node.AbandonAsync();

        await using StoreNode any = await StoreNode.StartAsync(node.Folder);
        using SelectedData newest = await SelectAsync(any, new SelectionRequest { Feed = "boards", Label = "q", Inputs = [] });
        Table(newest).ShouldBe([["newest but unknown"], ["newest but unknown"]]);
    }

    [Fact]
    public async Task SelectAsync_SequenceThatRestarted_MeansTheNewestBeforeTheLabelUnlessATimeNarrowsIt()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int run = 0; run < 3; run++)
        {
            RecordBatchBuilder builder = new(schema);
            builder.BeginRow(run * 1000, received: run * 1000, sequence: 7);
            builder.SetInt64(0, run);
            builder.EndRow();
            using RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(1));
            await node.CommitAsync(batch);
        }

        async Task<object?[][]> With(Label label)
        {
            await AddAsync(node, "f", label);
            using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "f", Label = label.Set });
            return Table(data);
        }

        (await With(new Label { Set = "a", Value = "x", Sequence = 7, Created = 1500 })).ShouldBe([[1L, "x"]]);
        (await With(new Label { Set = "b", Value = "x", Sequence = 7 })).ShouldBe([[2L, "x"]]);
        (await With(new Label { Set = "c", Value = "x", Sequence = 7, Time = 0 })).ShouldBe([[0L, "x"]]);
        (await With(new Label { Set = "d", Value = "x", Sequence = 7, Created = -5 })).ShouldBe([[0L, "x"]]);
    }

    [Fact]
    public async Task SelectAsync_Limit_TakesTheNewestThatCountInOrderOfPositions()
    {
        await using StoreNode node = await BoardsAsync();
        await AddAsync(node, [.. new[] { 1, 2, 4 }.Select(p => new Label { Set = "q", Value = $"l{p}", Position = p })]);

        using SelectedData labelled = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "q", Inputs = [], Limit = 2 });
        Table(labelled).ShouldBe([["l2"], ["l4"]]);
        using SelectedData field = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "side", Inputs = [], Limit = 2 });
        Table(field).ShouldBe([["right"], ["left"]]);
        using SelectedData none = await SelectAsync(node, new SelectionRequest { Feed = "boards", Inputs = [(new("h", InputType.Number), "height")], Limit = 2, Filter = "height < 45" });
        Table(none).ShouldBe([[30.0], [40.0]]);
        using SelectedData more = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "q", Inputs = [], Limit = 100 });
        more.Snapshot.Records.ShouldBe(3);
    }

    [Fact]
    public async Task SelectAsync_TimesAndFilter_Narrow()
    {
        await using StoreNode node = await BoardsAsync();

        using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "boards", From = 2_000_000_000, To = 5_000_000_000, Filter = "height <> 30", Inputs = [(new("h", InputType.Number), "height")] });

        Table(data).ShouldBe([[20.0], [40.0]]);
        data.Snapshot.Filter.ShouldBe("height <> 30");
    }

    [Fact]
    public async Task SelectAsync_Again_GivesTheSameHashWhereverTheRecordsAre()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("d", FieldType.Float64), ("t", FieldType.Text), ("b", FieldType.Boolean), ("label", FieldType.Int64));
        var random = new Random(2);
        for (int i = 0; i < 20; i++)
        {
            await node.CommitAsync(schema, [.. Enumerable.Range(0, 2000).Select(n => ((long)n, new object?[]
            {
                n == 3 ? double.NaN : n == 4 ? -0.0 : n == 5 ? 0.0 : random.NextDouble(), n % 7 == 0 ? null : $"text {random.Next(50)}", n % 2 == 0, n % 3,
            }))]);
            if (i is 5 or 6 or 12)
                await node.Closer.CloseAllAsync();
        }

        await AddAsync(node, "f", [.. Enumerable.Range(1, 30_000).Select(p => new Label { Set = "q", Value = $"v{p % 3}", Position = p })]);
        var request = new SelectionRequest { Feed = "f", Label = "q" };
        using SelectedData first = await SelectAsync(node, request);
        await node.StopAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        using SelectedData second = await SelectAsync(again, request);

        first.Snapshot.Records.ShouldBe(30_000);
        first.Snapshot.Hash.ShouldMatch("^[0-9a-f]{64}$");
        second.Snapshot.ShouldBe(first.Snapshot);
        second.Data.Batches.Select(b => b.Count).ShouldBe([16_384, 30_000 - 16_384]);

        // Another label, another order of columns, one record less: another hash.
        using SelectedData field = await SelectAsync(again, request with { Label = "label" });
        using SelectedData inputs = await SelectAsync(again, request with { Inputs = [(new("b", InputType.Boolean), "b"), (new("t", InputType.Text), "t")] });
        using SelectedData less = await SelectAsync(again, request with { Limit = 29_999 });
        new[] { first, field, inputs, less }.Select(d => d.Snapshot.Hash).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task SelectAsync_InputCalledLabel_LeavesTheLabelLastUnderAnotherName()
    {
        await using StoreNode node = await BoardsAsync();

        using SelectedData data = await SelectAsync(node, new SelectionRequest { Feed = "boards", Label = "side", Inputs = [(new("label", InputType.Number), "height")] });

        data.Data.Batches[0].Schema.Fields.Select(f => f.Name).ShouldBe(["label", "_label"]);
        Table(data)[0].ShouldBe([10.0, "left"]);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "feed", "There is no feed 'nobody' to train from. Known: boards." },
        { "label", "has neither labels of a set 'nothing' nor a field 'nothing'. Label sets: q. Fields: id, height" },
        { "field", "Input 'x' is to come from the field 'heigth', but feed 'boards' has no such field. Its fields: id, height" },
        { "type", "Input 'x' wants a number (Float64, Int64, UInt64 or Boolean), but the field 'id' of feed 'boards' holds Text." },
        { "integer", "Input 'x' wants whole numbers (Int64 or UInt64), but the field 'height'" },
        { "filter", "Filter \"heigth > 1\" is refused" },
        { "none", "Feed 'boards' has no record where height > 1000." },
        { "unlabelled", "No record of feed 'boards' where height > 10 has a label of the set 'q'." },
        { "limit", "The limit 0 for feed 'boards' selects nothing." },
        { "twice", "The input 'x' is bound twice." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task SelectAsync_WhatCannotBe_SaysWhatAndWhatHelps(string what, string reason)
    {
        await using StoreNode node = await BoardsAsync();
        await AddAsync(node, new Label { Set = "q", Value = "x", Position = 1 });
        var request = new SelectionRequest { Feed = "boards", Label = "side" };
        request = what switch
        {
            "feed" => request with { Feed = "nobody" },
            "label" => request with { Label = "nothing" },
            "field" => request with { Inputs = [(new("x", InputType.Number), "heigth")] },
            "type" => request with { Inputs = [(new("x", InputType.Number), "id")] },
            "integer" => request with { Inputs = [(new("x", InputType.Integer), "height")] },
            "filter" => request with { Filter = "heigth > 1" },
            "none" => request with { Filter = "height > 1000" },
            "unlabelled" => request with { Label = "q", Filter = "height > 10" },
            "limit" => request with { Limit = 0 },
            _ => request with { Inputs = [(new("x", InputType.Text), "id"), (new("x", InputType.Text), "id")] },
        };

        (await Should.ThrowAsync<WorkflowException>(() => SelectAsync(node, request))).Message.ShouldContain(reason);
    }

    /// <summary>Five boards with message numbers from 101, two of them in a file.</summary>
    private static async Task<StoreNode> BoardsAsync(params string[] settings)
    {
        StoreNode node = await StoreNode.StartAsync(settings: settings);
        FeedSchema schema = await node.DeclareAsync("boards", ("id", FieldType.Text), ("height", FieldType.Float64), ("big", FieldType.UInt64), ("ok", FieldType.Boolean), ("side", FieldType.Text));
        object?[][] rows = [["b1", 10.0, 1UL, true, "left"], ["b2", 20.0, 2UL, false, "right"], ["b3", 30.0, 3UL, null, null], ["b4", 40.0, null, null, "left"], ["b5", 50.0, null, null, null]];
        for (int i = 0; i < rows.Length; i++)
        {
            RecordBatchBuilder builder = StoreNode.Fill(schema);
            builder.BeginRow((i + 1) * 1_000_000_000L, received: i, sequence: 101 + i);
            builder.SetText(0, System.Text.Encoding.UTF8.GetBytes((string)rows[i][0]!));
            builder.SetFloat64(1, (double)rows[i][1]!);
            if (rows[i][2] is ulong big)
                builder.SetUInt64(2, big);
            if (rows[i][3] is bool ok)
                builder.SetBoolean(3, ok);
            if (rows[i][4] is string side)
                builder.SetText(4, System.Text.Encoding.UTF8.GetBytes(side));
            builder.EndRow();
            using RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(1));
            await node.CommitAsync(batch);
            if (i == 1)
                await node.Closer.CloseAllAsync();
        }

        return node;
    }

    private static Task<SelectedData> SelectAsync(StoreNode node, SelectionRequest request) => node.Get<ITrainingSelection>().SelectAsync(request, CancellationToken.None);

    private static Task<int> AddAsync(StoreNode node, params Label[] labels) => AddAsync(node, "boards", labels);

    private static Task<int> AddAsync(StoreNode node, string feed, params Label[] labels) => node.Get<ILabels>().AddAsync(feed, labels);

    private static IEnumerable<string> Names(SelectedData data) => data.Data.Inputs.Fields.Select(f => f.Name);

    private static object?[][] Table(SelectedData data) => [.. data.Data.Batches.SelectMany(Row.Of).Select(r => r.Values)];
}
