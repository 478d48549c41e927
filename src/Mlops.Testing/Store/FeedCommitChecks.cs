using System.Collections.Concurrent;
using System.Globalization;
using Mlops.Data;
using Mlops.Store;
using static Mlops.Testing.Store.ContractRecords;

namespace Mlops.Testing.Store;

/// <summary>What a store promises about positions, commits and cursors.</summary>
internal static class FeedCommitChecks
{
    public static void AddTo(Dictionary<string, Func<IFeedStoreFixture, Task>> checks)
    {
        checks.Add(nameof(Reserve_ManyThreadsAndARestart_GivesNoPositionTwice), Reserve_ManyThreadsAndARestart_GivesNoPositionTwice);
        checks.Add(nameof(Commit_RecordsAndCursors_BecomeDurableTogether), Commit_RecordsAndCursors_BecomeDurableTogether);
        checks.Add(nameof(Commit_SeveralFeedsAndBatches_KeepsAllInOrder), Commit_SeveralFeedsAndBatches_KeepsAllInOrder);
        checks.Add(nameof(Commit_FromManyThreads_KeepsEveryRecordOnce), Commit_FromManyThreads_KeepsEveryRecordOnce);
        checks.Add(nameof(Commit_Announced_InOrderBeforeItCompletes), Commit_Announced_InOrderBeforeItCompletes);
        checks.Add(nameof(Commit_WrongInAnyWay_KeepsNothing), Commit_WrongInAnyWay_KeepsNothing);
        checks.Add(nameof(Commit_Cancelled_KeepsNothing), Commit_Cancelled_KeepsNothing);
        checks.Add(nameof(Commit_BatchesAfterwards_StayTheCallers), Commit_BatchesAfterwards_StayTheCallers);
    }

    private static async Task Reserve_ManyThreadsAndARestart_GivesNoPositionTwice(IFeedStoreFixture fixture)
    {
        var given = new ConcurrentBag<long>();
        async Task TakeAsync() => await Parallel.ForEachAsync(Enumerable.Range(1, 300), async (i, _) =>
        {
            long first = await fixture.Store.ReservePositionsAsync(i % 7 + 1).ConfigureAwait(false);
            for (int k = 0; k <= i % 7; k++)
                given.Add(first + k);
        }).ConfigureAwait(false);
        await TakeAsync();
        long highest = given.Max();
        await fixture.RestartAsync();
        True(await fixture.Store.ReservePositionsAsync(1) > highest, "Positions rise across a restart");
        await TakeAsync();
        Equal(given.Distinct().Count(), given.Count, "No position is given twice");
        True(given.Min() > 0, "Positions are greater than 0");
    }

    private static async Task Commit_RecordsAndCursors_BecomeDurableTogether(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        Equal(fixture.Store.GetCursor("reader"), null, "A cursor that was never moved is null");
        using (RecordBatch batch = await fixture.Store.BuildAsync(schema, (1, [1])))
        {
            var commit = new StoreCommit { Cursors = { ["reader"] = 5, ["other"] = 6 } };
            commit.Batches.Add(batch);
            await fixture.Store.CommitAsync(commit);
        }

        await fixture.Store.CommitAsync(new StoreCommit { Cursors = { ["reader"] = 9 } });
        await fixture.EverywhereAsync(async store =>
        {
            Equal((store.GetCursor("reader"), store.GetCursor("other")), (9, 6), "A cursor is where it was moved last");
            Same(await store.LinesAsync("f"), ["1@1: 1"], "What was committed is there");
        });
    }

    private static async Task Commit_SeveralFeedsAndBatches_KeepsAllInOrder(IFeedStoreFixture fixture)
    {
        FeedSchema a = await fixture.Store.DeclareAsync("a", new FeedField("n", FieldType.Int64)), b = await fixture.Store.DeclareAsync("b", new FeedField("t", FieldType.Text));
        var commit = new StoreCommit();
        for (int i = 0; i < 30; i++)
        {
            commit.Batches.Add(await fixture.Store.BuildAsync(a, (i, [i]), (i, [-i])));
            commit.Batches.Add(await fixture.Store.BuildAsync(b, (i, [$"text {i}"])));
        }

        await fixture.Store.CommitAsync(commit);
        foreach (RecordBatch batch in commit.Batches)
            batch.Dispose();
        await fixture.EverywhereAsync(async store =>
        {
            Same((await store.LinesAsync("a")).Select(l => l.Split(": ")[1]), Enumerable.Range(0, 30).SelectMany(i => new[] { $"{i}", $"{-i}" }), "Records keep the order of their positions");
            Same((await store.LinesAsync("b")).Select(l => l.Split(": ")[1]), Enumerable.Range(0, 30).Select(i => $"'text {i}'"), "Each feed gets its own records");
            Equal(store.List()[0].Records, 60, "A feed knows how many records it has");
            Equal((store.List()[0].First, store.List()[0].Last), (0, 29_000_000_000), "A feed knows its oldest and newest time");
        });
    }

    private static async Task Commit_FromManyThreads_KeepsEveryRecordOnce(IFeedStoreFixture fixture)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (feed, _) =>
        {
            FeedSchema schema = await fixture.Store.DeclareAsync($"f{feed}", new FeedField("n", FieldType.Int64)).ConfigureAwait(false);
            for (int i = 0; i < 25; i++)
                await fixture.Store.CommitAsync(schema, (i, [i]), (i, [i])).ConfigureAwait(false);
        });
        await fixture.RestartAsync();
        for (int feed = 0; feed < 8; feed++)
        {
            Same(
                (await fixture.Store.LinesAsync($"f{feed}")).Select(l => l.Split(": ")[1]),
                Enumerable.Range(0, 50).Select(i => (i / 2).ToString(CultureInfo.InvariantCulture)), "Every record is there once and in order");
        }
    }

    private static async Task Commit_Announced_InOrderBeforeItCompletes(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        var heard = new ConcurrentQueue<(string Feed, long Position)>();
        fixture.Store.Committed += (feed, position) => heard.Enqueue((feed, position));
        var wanted = new List<string>();
        for (int i = 0; i < 20; i++)
        {
            long first = await fixture.Store.CommitAsync(schema, (i, [i]), (i, [i]));
            wanted.Add($"f {first + 1}");
            Same(heard.Select(h => $"{h.Feed} {h.Position}"), wanted, "A commit is announced once, with the feed's highest position, before it completes");
        }
    }

    private static async Task Commit_WrongInAnyWay_KeepsNothing(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        using RecordBatch good = await fixture.Store.BuildAsync(schema, (1, [1]));
        using RecordBatch unknownFeed = await fixture.Store.BuildAsync(new FeedSchema("g", [new("n", FieldType.Int64)]), (1, [1]));
        using RecordBatch unknownField = await fixture.Store.BuildAsync(new FeedSchema("f", [new("m", FieldType.Int64)]), (1, [1]));
        foreach ((RecordBatch bad, string promise) in new[] { (unknownFeed, "A feed must be declared"), (unknownField, "A field must be declared"), (good, "Positions must rise") })
        {
            var commit = new StoreCommit { Cursors = { ["reader"] = 5 } };
            commit.Batches.Add(good);
            commit.Batches.Add(bad);
            await ThrowsAsync<ArgumentException>(async () => await fixture.Store.CommitAsync(commit), promise);
        }

        Same(await fixture.Store.LinesAsync("f"), [], "Of a refused commit nothing is kept");
        Equal(fixture.Store.GetCursor("reader"), null, "Of a refused commit no cursor is moved");
    }

    private static async Task Commit_Cancelled_KeepsNothing(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        using RecordBatch batch = await fixture.Store.BuildAsync(schema, (1, [1]));
        var commit = new StoreCommit();
        commit.Batches.Add(batch);
        await ThrowsAsync<OperationCanceledException>(async () => await fixture.Store.CommitAsync(commit, new CancellationToken(canceled: true)), "A commit that was cancelled before it began is not done");
        Same(await fixture.Store.LinesAsync("f"), [], "Of a cancelled commit nothing is kept");
        await fixture.Store.CommitAsync(commit);
        Equal((await fixture.Store.LinesAsync("f")).Count, 1, "It can be repeated");
    }

    private static async Task Commit_BatchesAfterwards_StayTheCallers(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        RecordBatch batch = await fixture.Store.BuildAsync(schema, (1, [7]));
        var commit = new StoreCommit();
        commit.Batches.Add(batch);
        await fixture.Store.CommitAsync(commit);
        Equal(batch.Column(0).Values<long>()[0], 7, "A batch can be read after its commit");
        batch.Dispose();
        Same(await fixture.Store.LinesAsync("f"), ["1@1: 7"], "The store does not need the batch any more");
    }
}
