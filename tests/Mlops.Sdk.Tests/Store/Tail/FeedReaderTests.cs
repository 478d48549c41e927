using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Store.Tail;

namespace Mlops.Tests.Store.Tail;

public class FeedReaderTests
{
    [Fact]
    public async Task FollowAsync_FromTheBeginning_GivesFilesLogMemoryAndNewOnesInOrder()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (2, [2]));
        using RecordBatch uncommitted = await node.BuildAsync(schema, (3, [3]));
        node.Tail.Publish(uncommitted);
        await using Follower follower = new(node, "f", 0);
        await follower.HasAsync(3);

        using RecordBatch next = await node.BuildAsync(schema, (4, [4]));
        node.Tail.Publish(next);

        await follower.HasAsync(4);
        follower.Values.ShouldBe([1, 2, 3, 4]);
        follower.Positions.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task FollowAsync_WithoutPosition_StartsWithWhatArrivesAfterTheCall()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await node.CommitAsync(schema, (1, [1]));
        using RecordBatch before = await node.BuildAsync(schema, (2, [2]));
        node.Tail.Publish(before);
        IAsyncEnumerable<RecordBatch> following = node.Reader.FollowAsync("f", null, CancellationToken.None);
        using RecordBatch after = await node.BuildAsync(schema, (3, [3]));
        node.Tail.Publish(after);
        await node.CommitAsync(before, after);

        await using Follower follower = new(following);

        await follower.HasAsync(1);
        follower.Values.ShouldBe([3]);
    }

    [Fact]
    public async Task FollowAsync_FeedThatDoesNotExistYet_GivesItsRecordsOnceItDoes()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await using Follower follower = new(node, "later", null);

        FeedSchema schema = await node.DeclareAsync("later", ("n", FieldType.Int64));
        using RecordBatch batch = await node.BuildAsync(schema, (1, [1]));
        node.Tail.Publish(batch);

        await follower.HasAsync(1);
    }

    [Fact]
    public async Task FollowAsync_CommittedWithoutBeingPublished_AreFoundInTheStore()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        await using Follower follower = new(node, "f", 0);

        await node.CommitAsync(schema, (1, [1]));
        await follower.HasAsync(1);
        await node.CommitAsync(schema, (2, [2]), (3, [3]));
        await follower.HasAsync(3);

        follower.Values.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task FollowAsync_PositionInTheMiddleOfABatch_GivesTheRestOfIt()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64), ("t", FieldType.Text));
        using RecordBatch batch = await node.BuildAsync(schema, (1, [1, "a"]), (2, [2, "b"]), (3, [3, "c"]), (4, [4, "d"]));
        node.Tail.Publish(batch);

        await using Follower uncommitted = new(node, "f", 2);
        await uncommitted.HasAsync(2);
        await node.CommitAsync(batch);
        await using Follower committed = new(node, "f", 3);
        await committed.HasAsync(1);

        uncommitted.Values.ShouldBe([3, 4]);
        committed.Values.ShouldBe([4]);
    }

    [Fact]
    public async Task FollowAsync_ReaderFallsBehind_GoesThroughTheStoreWithoutGapOrRepeat()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("behind", ("n", FieldType.Int64));
        using var gate = new SemaphoreSlim(0);
        bool open = false;
        await using Follower slow = new(node.Reader.FollowAsync("behind", 0, CancellationToken.None), () => Volatile.Read(ref open) ? Task.CompletedTask : gate.WaitAsync());
        using var counter = new FallenBehindCounter("behind");
        int published = 0;
        for (int round = 0; round < 3; round++)
        {
            var batches = new List<RecordBatch>();
            for (int i = 0; i < TailFollower.MaxBatches + 500; i++)
            {
                batches.Add(await node.BuildAsync(schema, (published, [published++])));
                node.Tail.Publish(batches[^1]);
                if (round == 0 && i == 0)
                    await slow.HasAsync(1);
            }

            // Half of what it missed is in the store, half still only in memory.
            await node.CommitAsync([.. batches.Take(1500)]);
            if (round == 1)
                gate.Release(300);
            await node.CommitAsync([.. batches.Skip(1500)]);
            batches.ForEach(b => b.Dispose());
        }

        counter.Count.ShouldBeGreaterThan(0);
        Volatile.Write(ref open, true);
        gate.Release(int.MaxValue / 2);

        await slow.HasAsync(published);
        slow.Values.ShouldBe(Enumerable.Range(0, published).Select(i => (long)i));
    }

    [Fact]
    public async Task FollowAsync_UnderLoadWithSlowAndFastReaders_GivesEachRecordOnceInOrder()
    {
        const int Records = 60_000;
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:SegmentBytes=64 KB"]);
        FeedSchema schema = await node.DeclareAsync("load", ("n", FieldType.Int64), ("t", FieldType.Text));
        var random = new Random(5);
        int slowBatches = 0, published = 0;
        await using Follower slow = new(node.Reader.FollowAsync("load", 0, CancellationToken.None), async () =>
        {
            // Now and then it stops until the tail has more for it than it may keep.
            int mark = Volatile.Read(ref published);
            if (++slowBatches is 300 or 2000)
                await Eventually.IsTrueAsync(() => Volatile.Read(ref published) is var now && (now >= mark + TailFollower.MaxBatches + 100 || now == int.MaxValue), "more is published");
        });
        await using Follower fast = new(node, "load", 0);
        var late = new List<Follower>();
        using var measured = new FallenBehindCounter("load");

        int next = 0;
        while (next < Records)
        {
            var batches = new List<RecordBatch>();
            for (int b = random.Next(1, 60); b > 0 && next < Records; b--)
            {
                int rows = Math.Min(random.Next(1, 6), Records - next);
                RecordBatch batch = await node.BuildAsync(schema, [.. Enumerable.Range(next, rows).Select(n => ((long)n, new object?[] { n, "text" }))]);
                next += rows;
                node.Tail.Publish(batch);
                Interlocked.Increment(ref published);
                batches.Add(batch);
            }

            await node.CommitAsync([.. batches]);
            batches.ForEach(b => b.Dispose());
            if (late.Count < 5 && random.Next(40) == 0)
                late.Add(new Follower(node, "load", random.Next(next)));
        }

        Volatile.Write(ref published, int.MaxValue);
        await slow.HasAsync(Records);
        await fast.HasAsync(Records);
        slow.Values.ShouldBe(Enumerable.Range(0, Records).Select(i => (long)i));
        fast.Values.ShouldBe(Enumerable.Range(0, Records).Select(i => (long)i));
        foreach (Follower follower in late)
        {
            await follower.ReachesAsync(Records - 1);
            follower.Values.ShouldBe(Enumerable.Range((int)follower.Values[0], follower.Values.Count).Select(i => (long)i));
            await follower.DisposeAsync();
        }

        measured.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task WaitCommittedAsync_CompletesWithTheCommitAndAfterARestart()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        using RecordBatch batch = await node.BuildAsync(schema, (1, [1]), (2, [2]));
        Task waiting = node.Reader.WaitCommittedAsync("f", batch.Positions[1]).AsTask();
        using var cancelled = new CancellationTokenSource();
        Task givingUp = node.Reader.WaitCommittedAsync("f", 100, cancelled.Token).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        await node.CommitAsync(batch);
        await waiting.Within();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(givingUp.Within);

        await node.AbandonAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        await again.Reader.WaitCommittedAsync("f", 2).AsTask().Within();
    }

    [Fact]
    public async Task FollowAsync_Ended_ReleasesWhatItHeld()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        var builder = StoreNode.Fill(schema, (1, [1]));
        RecordBatch batch = builder.Build(await node.Store.ReservePositionsAsync(1));
        nint address = batch.Column(0).ValuesAddress;
        await using (Follower follower = new(node, "f", 0))
        {
            node.Tail.Publish(batch);
            await follower.HasAsync(1);
        }

        await node.CommitAsync(batch);
        batch.Dispose();

        builder.BeginRow(2);
        builder.EndRow();
        using RecordBatch next = builder.Build();
        next.Column(0).ValuesAddress.ShouldBe(address, "the memory came back to its builder, so nobody holds the first batch");
    }

    /// <summary>Follows a feed in the background and keeps what it got.</summary>
    private sealed class Follower : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<(long Position, long Value)> _rows = new();
        private readonly Task _running;

        public Follower(StoreNode node, string feed, long? after)
            : this(node.Reader.FollowAsync(feed, after, CancellationToken.None))
        {
        }

        public Follower(IAsyncEnumerable<RecordBatch> following, Func<Task>? afterEach = null) => _running = RunAsync(following, afterEach);

        public IReadOnlyList<long> Values => [.. _rows.Select(r => r.Value)];

        public IReadOnlyList<long> Positions => [.. _rows.Select(r => r.Position)];

        public Task HasAsync(int count) => Eventually.IsTrueAsync(
            () => _running.IsFaulted ? throw _running.Exception! : _rows.Count >= count, $"{count} records arrive, {_rows.Count} did");

        public Task ReachesAsync(long value) => Eventually.IsTrueAsync(() => _rows.LastOrDefault().Value >= value, $"record {value} arrives");

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ContinueWith(_ => { }, TaskScheduler.Default).Within();
            _stop.Dispose();
        }

        private async Task RunAsync(IAsyncEnumerable<RecordBatch> following, Func<Task>? afterEach)
        {
            await foreach (RecordBatch batch in following.WithCancellation(_stop.Token))
            {
                using (batch)
                {
                    for (int i = 0; i < batch.Count; i++)
                        _rows.Enqueue((batch.Positions[i], batch.Column(0).Values<long>()[i]));
                }

                if (afterEach is not null)
                    await afterEach().WaitAsync(_stop.Token);
            }
        }
    }
}
