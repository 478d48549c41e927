using Microsoft.Extensions.DependencyInjection;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store;

/// <summary>Reading, compared with the same query over a plain list, wherever the records are.</summary>
public class FeedStoreReadTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task ReadAsync_RandomQueries_EqualTheListOfAllRecords(int seed)
    {
        var random = new Random(seed);
        await using StoreNode node = await StoreNode.StartAsync();
        List<Row> all = await FillAsync(node, random);
        for (int i = 0; i < 150; i++)
        {
            long? Maybe(long max) => random.Next(3) == 0 ? random.NextInt64(max) : null;
            var query = new FeedQuery
            {
                Feed = "f",
                AfterPosition = Maybe(all[^1].Position + 10),
                ToPosition = Maybe(all[^1].Position + 10),
                From = Maybe(1000) * 1_000_000_000,
                To = Maybe(1000) * 1_000_000_000,
                MinimumQuality = (byte)(random.Next(4) == 0 ? random.Next(4) : 0),
                Limit = Maybe(400),
                Descending = random.Next(2) == 0,
                Filter = random.Next(3) == 0 ? $"n % {random.Next(2, 5)} = 0 OR t IS NULL" : null,
            };

            (await node.ReadAsync(query)).Select(r => r.Position).ShouldBe(Expected(all, query), query.ToString());
        }

        Dictionary<long, Row> byPosition = all.ToDictionary(r => r.Position);
        foreach (Row row in await node.ReadAsync("f"))
            row.Values.ShouldBe(byPosition[row.Position].Values);
        foreach (Row row in await node.ReadAsync("f", "true"))
            row.Values.ShouldBe(byPosition[row.Position].Values);
    }

    [Fact]
    public async Task ReadAsync_CommitThatOvertook_ComesInOrderOfPositionsFromEverywhere()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        using RecordBatch first = await node.BuildAsync(schema, (1, [1]), (2, [2]));
        using RecordBatch late = await node.BuildAsync(schema, (3, [3]), (4, [4]));
        using RecordBatch last = await node.BuildAsync(schema, (5, [5]), (6, [6]));
        await node.CommitAsync(first, last);
        await node.CommitAsync(late);

        async Task CheckAsync(StoreNode of)
        {
            long[] positions = [1, 2, 3, 4, 5, 6];
            (await of.ReadAsync("f")).Select(r => r.Position).ShouldBe(positions);
            (await of.ReadAsync("f", "n > 2")).Select(r => r.Position).ShouldBe(positions.Skip(2));
            (await of.ReadAsync(new FeedQuery { Feed = "f", Descending = true, Limit = 4 })).Select(r => r.Position).ShouldBe([6, 5, 4, 3]);
            (await of.ReadAsync(new FeedQuery { Feed = "f", AfterPosition = 3, ToPosition = 5 })).Select(r => r.Position).ShouldBe([4, 5]);
        }

        await CheckAsync(node);
        await node.AbandonAsync();
        StoreNode again = await StoreNode.StartAsync(node.Folder);
        await CheckAsync(again);
        await again.StopAsync();
        await using StoreNode third = await StoreNode.StartAsync(node.Folder);
        await CheckAsync(third);
    }

    [Fact]
    public async Task ReadAsync_CommitsAndClosingMeanwhile_GivesWhatWasThereAtTheStart()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 0; i < 40; i++)
            await node.CommitAsync(schema, [.. Enumerable.Range(0, 1000).Select(n => ((long)i, new object?[] { n }))]);

        var positions = new List<long>();
        await foreach (RecordBatch batch in node.Store.ReadAsync(new FeedQuery { Feed = "f" }))
        {
            positions.AddRange(batch.Positions);
            batch.Dispose();
            await node.CommitAsync(schema, (1, [1]));
            await node.Closer.CloseAllAsync();
        }

        positions.ShouldBe(Enumerable.Range(1, 40_000).Select(i => (long)i));
        (await node.ReadAsync("f")).Count.ShouldBeGreaterThan(40_000);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_Stops()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (RecordBatch batch in node.Store.ReadAsync(new FeedQuery { Feed = "f" }, cancelled.Token))
                batch.Dispose();
        });
    }

    [Fact]
    public async Task ReadAsync_UnknownFeedOrNegativeLimit_Throws()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await node.DeclareAsync("f", ("n", FieldType.Int64));

        (await Should.ThrowAsync<ArgumentException>(() => node.ReadAsync("g"))).Message.ShouldContain("There is no feed 'g'");
        (await Should.ThrowAsync<ArgumentException>(() => node.ReadAsync(new FeedQuery { Feed = "f", Limit = -1 }))).Message.ShouldContain("-1");
    }

    [Fact]
    public async Task ReadAsync_NothingElseOpen_ClosesTheEngineWhenIdle()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(configure: s => s.AddSingleton<TimeProvider>(time));
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        var engine = node.Get<Mlops.Store.Queries.QueryEngine>();
        await node.ReadAsync("f");
        engine.IsOpen.ShouldBeFalse("rows of the log are read without it");

        await node.ReadAsync("f", "n = 1");
        engine.IsOpen.ShouldBeTrue();
        time.Advance(TimeSpan.FromMinutes(1));

        engine.IsOpen.ShouldBeFalse();
        (await node.ReadAsync("f", "n = 1")).Count.ShouldBe(1);
    }

    private static async Task<List<Row>> FillAsync(StoreNode node, Random random)
    {
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64), ("t", FieldType.Text), ("d", FieldType.Float64));
        FeedSchema other = await node.DeclareAsync("other", ("n", FieldType.Int64));
        var all = new List<Row>();
        for (int i = 0; i < 60; i++)
        {
            RecordBatchBuilder builder = new(schema);
            for (int r = random.Next(1, 40); r > 0; r--)
            {
                builder.BeginRow(random.Next(1000) * 1_000_000_000L, sequence: random.Next(2) == 0 ? i : RecordBatch.NoSequence);
                builder.SetInt64(0, random.Next(100));
                if (random.Next(2) == 0)
                    builder.SetText(1, "text"u8);
                if (random.Next(2) == 0)
                    builder.SetFloat64(2, random.NextDouble());
                builder.AddQuality((byte)random.Next(4));
                builder.EndRow();
            }

            using RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(builder.Count));
            all.AddRange(Row.Of(batch));
            await node.CommitAsync(batch);
            await node.CommitAsync(other, (i, [i]));
            if (random.Next(10) == 0)
                await node.Closer.CloseAllAsync();
        }

        return all;
    }

    private static IEnumerable<long> Expected(List<Row> all, FeedQuery query)
    {
        IEnumerable<Row> rows = all.Where(r =>
            r.Position > (query.AfterPosition ?? 0) && r.Position <= (query.ToPosition ?? long.MaxValue)
            && r.Time * 1_000_000_000 >= (query.From ?? long.MinValue) && r.Time * 1_000_000_000 < (query.To ?? long.MaxValue)
            && r.Quality >= query.MinimumQuality
            && (query.Filter is null || (long)r[0]! % (query.Filter[4] - '0') == 0 || r[1] is null));
        rows = query.Descending ? rows.Reverse() : rows;
        return rows.Take((int)(query.Limit ?? int.MaxValue)).Select(r => r.Position);
    }
}
