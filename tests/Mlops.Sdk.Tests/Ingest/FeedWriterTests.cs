using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class FeedWriterTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Write_Records_CreatesTheFeedByTheirTypes()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.Writer.WriteAsync("My Feed.x", [
            Record(("i", 1), ("u", 1UL), ("d", 1.5f), ("m", 2.5m), ("t", "ü"), ("b", true), ("at", Time), ("n", null), ("mixed", 1)),
            Record(("mixed", 2.5), ("i", (byte)7))]);

        node.Store.Find("my-feed.x")!.Fields.Select(f => (f.Name, f.Type)).ShouldBe([
            ("i", FieldType.Int64), ("u", FieldType.UInt64), ("d", FieldType.Float64), ("m", FieldType.Float64), ("t", FieldType.Text),
            ("b", FieldType.Boolean), ("at", FieldType.Timestamp), ("mixed", FieldType.Float64)]);
        var rows = node.Store.Rows("my-feed.x");
        rows[0]["t"].ShouldBe("ü");
        rows[0]["at"].ShouldBe(Time);
        rows[0]["mixed"].ShouldBe(1.0);
        rows[1]["i"].ShouldBe(7L);
        rows[1]["u"].ShouldBeNull();
        rows[0]["_timestamp"].ShouldBe(EpochTime.FromDateTimeOffset(Time));
        ((long)rows[0]["_received"]!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Write_RecordsOfAKnownFeed_FitsTheirValuesToItsFields()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.Writer.DeclareAsync("f", [new FeedField("d", FieldType.Float64), new FeedField("i", FieldType.Int64)]);

        await node.Writer.WriteAsync("f", [Record(("d", 3), ("i", 4.0), ("extra", "e"))]);

        Dictionary<string, object?> row = node.Store.Rows("f").ShouldHaveSingleItem();
        row["d"].ShouldBe(3.0);
        row["i"].ShouldBe(4L);
        row["extra"].ShouldBe("e");
    }

    [Fact]
    public async Task Write_AlreadyCancelled_WritesNothing()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        FeedSchema schema = await node.Writer.DeclareAsync("f", [new FeedField("i", FieldType.Int64)]);
        var builder = new RecordBatchBuilder(schema);
        builder.BeginRow(0);
        builder.EndRow();
        using RecordBatch batch = builder.Build();

        await Should.ThrowAsync<OperationCanceledException>(() => node.Writer.WriteAsync(batch, new CancellationToken(true)).AsTask());
        await node.Writer.WriteAsync("f", [Record(("i", 2))]);

        node.Store.Rows("f").ShouldHaveSingleItem()["i"].ShouldBe(2L);
    }

    [Fact]
    public async Task Write_ValueThatDoesNotFit_WritesNothing()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.Writer.DeclareAsync("f", [new FeedField("i", FieldType.Int64)]);

        foreach (object value in new object[] { "x", 1.5, ulong.MaxValue, true })
        {
            ArgumentException refused = await Should.ThrowAsync<ArgumentException>(() => node.Writer.WriteAsync("f", [Record(("i", 1)), Record(("i", value))]).AsTask());
            refused.Message.ShouldContain("'i'");
        }

        await Should.ThrowAsync<ArgumentException>(() => node.Writer.WriteAsync("g", [Record(("a", new object()))]).AsTask());
        await Should.ThrowAsync<ArgumentException>(() => node.Writer.WriteAsync("g", [Record(("a", 1)), Record(("a", "x"))]).AsTask());
        node.Store.Rows("f").ShouldBeEmpty();
        node.Store.Find("g").ShouldBeNull();
    }

    [Fact]
    public async Task Write_Batch_CopiesEverythingAndCompletesOnceDurable()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        FeedSchema schema = await node.Writer.DeclareAsync("f", [
            new FeedField("b", FieldType.Boolean), new FeedField("i", FieldType.Int64), new FeedField("u", FieldType.UInt64),
            new FeedField("d", FieldType.Float64), new FeedField("t", FieldType.Text), new FeedField("at", FieldType.Timestamp)]);
        var builder = new RecordBatchBuilder(schema);
        for (int i = 0; i < 3_000; i++)
        {
            builder.BeginRow(i, sequence: i);
            builder.AddQuality(2);
            builder.SetBoolean(0, i % 2 == 0);
            builder.SetInt64(1, -i);
            builder.SetUInt64(2, (ulong)i);
            builder.SetFloat64(3, i * 0.5);
            if (i % 3 != 0)
                builder.SetText(4, "text"u8);
            builder.SetInstant(5, i);
            builder.EndRow();
        }

        using RecordBatch batch = builder.Build();
        node.Store.Block();
        Task written = node.Writer.WriteAsync(batch).AsTask();
        await IngestNode.UntilAsync(() => node.Store.Attempts > 0, "no commit was tried");
        written.IsCompleted.ShouldBeFalse();
        node.Store.Release();
        await written.WaitAsync(IngestNode.Patience);

        var rows = node.Store.Rows("f");
        rows.Count.ShouldBe(3_000);
        rows.Select(r => (long)r["_position"]!).ShouldBeInOrder();
        rows[2_999]["d"].ShouldBe(1499.5);
        rows[2_999]["b"].ShouldBe(false);
        rows[2_997]["t"].ShouldBeNull();
        rows[2_999]["_seq"].ShouldBe(2_999L);
        rows[2_999]["_quality"].ShouldBe(2);
    }

    [Fact]
    public async Task Write_BatchUnderAnOlderSchema_StillFindsItsFields()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        FeedSchema old = await node.Writer.DeclareAsync("f", [new FeedField("a", FieldType.Int64)]);
        await node.Writer.DeclareAsync("f", [new FeedField("b", FieldType.Int64)]);
        var builder = new RecordBatchBuilder(old);
        builder.BeginRow(1);
        builder.SetInt64(0, 5);
        builder.EndRow();

        using RecordBatch batch = builder.Build();
        await node.Writer.WriteAsync(batch);

        node.Store.Rows("f").ShouldHaveSingleItem()["a"].ShouldBe(5L);
    }

    [Fact]
    public async Task Write_BatchThatDoesNotFit_SaysWhy()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.Writer.DeclareAsync("f", [new FeedField("a", FieldType.Int64)]);

        await RefusedAsync(new FeedSchema("unknown", [new FeedField("a", FieldType.Int64)]), "was not declared");
        await RefusedAsync(new FeedSchema("f", [new FeedField("z", FieldType.Int64)]), "no field 'z'");
        await RefusedAsync(new FeedSchema("f", [new FeedField("a", FieldType.Text)]), "holds Text in 'a'");
        node.Store.Rows("f").ShouldBeEmpty();

        async Task RefusedAsync(FeedSchema schema, string reason)
        {
            var builder = new RecordBatchBuilder(schema);
            builder.BeginRow(1);
            builder.EndRow();
            using RecordBatch batch = builder.Build();
            (await Should.ThrowAsync<ArgumentException>(() => node.Writer.WriteAsync(batch).AsTask())).Message.ShouldContain(reason);
        }
    }

    [Fact]
    public async Task Write_AfterTheStop_SaysSo()
    {
        IngestNode node = await IngestNode.StartAsync();
        await node.Writer.WriteAsync("f", [Record(("a", 1))]);
        await node.StopAsync();

        (await Should.ThrowAsync<InvalidOperationException>(() => node.Writer.WriteAsync("f", [Record(("a", 2))]).AsTask())).Message.ShouldContain("stopping");
        await node.DisposeAsync();
    }

    private static FeedRecord Record(params (string Name, object? Value)[] values) => new(Time, values.ToDictionary(v => v.Name, v => v.Value));
}
