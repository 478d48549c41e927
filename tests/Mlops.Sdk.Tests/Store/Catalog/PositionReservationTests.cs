using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Catalog;

namespace Mlops.Tests.Store.Catalog;

public class PositionReservationTests
{
    [Fact]
    public async Task ReservePositionsAsync_ManyThreads_NeverGivesOneTwice()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var given = new ConcurrentBag<(long First, int Count)>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 4000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            int count = (i % 200) + 1;
            given.Add((await node.Store.ReservePositionsAsync(count), count));
        });

        long next = 1;
        foreach ((long first, int count) in given.OrderBy(g => g.First))
        {
            first.ShouldBe(next);
            next += count;
        }
    }

    [Fact]
    public async Task ReservePositionsAsync_MoreThanABlock_GivesThemConsecutively()
    {
        await using StoreNode node = await StoreNode.StartAsync();

        long first = await node.Store.ReservePositionsAsync(3 * PositionReservation.BlockSize);
        (await node.Store.ReservePositionsAsync(1)).ShouldBe(first + (3 * PositionReservation.BlockSize));
    }

    [Fact]
    public async Task ReservePositionsAsync_AfterRestart_GivesOnlyHigherOnes()
    {
        string folder = StoreNode.NewFolder();
        long highest = 0;
        for (int start = 0; start < 4; start++)
        {
            await using StoreNode node = await StoreNode.StartAsync(folder);
            for (int i = 0; i < 5; i++)
            {
                long first = await node.Store.ReservePositionsAsync(20_000);
                first.ShouldBeGreaterThan(highest);
                highest = first + 19_999;
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ReservePositionsAsync_BlockLeft_CompletesAtOnce()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await node.Store.ReservePositionsAsync(1);

        ValueTask<long> second = node.Store.ReservePositionsAsync(1);

        second.IsCompletedSuccessfully.ShouldBeTrue();
        (await second).ShouldBe(2);
    }

    [Fact]
    public async Task ReservePositionsAsync_DiskRefuses_ThrowsAndWorksAgainLater()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("t", FieldType.Text));
        await node.CommitAsync(schema, (1, ["x"]));
        await node.Database.WriteAsync(c => c.Run("ALTER TABLE setting RENAME TO hidden"));

        await Should.ThrowAsync<Exception>(async () => await node.Store.ReservePositionsAsync(2 * PositionReservation.BlockSize));
        await node.Database.WriteAsync(c => c.Run("ALTER TABLE hidden RENAME TO setting"));

        (await node.Store.ReservePositionsAsync(PositionReservation.BlockSize)).ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task ReservePositionsAsync_None_Throws(int count)
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await node.Store.ReservePositionsAsync(count));
    }
}
