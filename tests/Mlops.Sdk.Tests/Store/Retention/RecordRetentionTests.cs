using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store.Retention;

public class RecordRetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Apply_OldRecords_DropsWholeFilesAndLeavesYoungerOnes()
    {
        await using StoreNode node = await StartAsync("Store:Retention:MaximumAge=1.00:00:00");
        await FillAsync(node, "f", 72, 30, 25, 10, 1);

        RetentionResult result = await node.Get<IStoreKeeper>().ApplyRetentionAsync();

        result.Records.ShouldBe(30);
        result.Bytes.ShouldBeGreaterThan(0);
        node.Store.List()[0].Records.ShouldBe(20);
        (await node.ReadAsync("f")).Count.ShouldBe(20);
        await node.Store.Obsolete.DeleteUnreadAsync();
        node.Files().Length.ShouldBe(2);
        node.Logs.Texts(1023).ShouldHaveSingleItem().ShouldContain("older than 1.00:00:00");
        (await node.Get<IStoreKeeper>().ApplyRetentionAsync()).Records.ShouldBe(0);
    }

    [Fact]
    public async Task Apply_FeedIsTooLarge_DropsItsOldestAndOnlyItsOwn()
    {
        await using StoreNode node = await StartAsync("Store:Retention:Feeds:f:MaximumBytes=4 KB");
        await FillAsync(node, "f", 6, 5, 4, 3, 2, 1);
        await FillAsync(node, "g", 6, 5, 4, 3, 2, 1);
        long each = node.Get<IStoreKeeper>().Status().Feeds[0].Bytes / 6;

        await node.Get<IStoreKeeper>().ApplyRetentionAsync();

        StoreStatus status = node.Get<IStoreKeeper>().Status();
        status.Feeds[0].Bytes.ShouldBeLessThanOrEqualTo(4096);
        status.Feeds[0].Files.ShouldBe((int)(4096 / each));
        (await node.ReadAsync("f"))[^1].Position.ShouldBe(60);
        status.Feeds[1].Files.ShouldBe(6);
    }

    [Fact]
    public async Task Apply_AllTogetherTooLarge_DropsTheOldestOfAll()
    {
        await using StoreNode node = await StartAsync("Store:Retention:TotalBytes=8 KB");
        await FillAsync(node, "new", 3, 2, 1);
        await FillAsync(node, "old", 90, 80, 70, 60, 50, 40, 30, 20);

        await node.Get<IStoreKeeper>().ApplyRetentionAsync();

        StoreStatus status = node.Get<IStoreKeeper>().Status();
        status.Feeds.Sum(f => f.Bytes).ShouldBeLessThanOrEqualTo(8192);
        status.Feeds[0].Files.ShouldBe(3);
        status.Feeds[1].Files.ShouldBeLessThan(8);
    }

    [Fact]
    public async Task Apply_ReaderHasNotComeToThem_KeepsThemSaysSoOnceAndDropsThemWhenTold()
    {
        var hold = new Hold { At = 10 };
        await using StoreNode node = await StartAsync(hold, "Store:Retention:MaximumAge=1.00:00:00");
        await FillAsync(node, "f", 72, 71, 70, 1);
        var keeper = node.Get<IStoreKeeper>();

        RetentionResult result = await keeper.ApplyRetentionAsync();
        (result.Records, result.Held.Single().Reader).ShouldBe((10, "a reader"));
        await keeper.ApplyRetentionAsync();
        node.Logs.Texts(1024).ShouldHaveSingleItem().ShouldContain("'a reader' has not read them");

        hold.At = 20;
        (await keeper.ApplyRetentionAsync()).Records.ShouldBe(10);
        (await keeper.ApplyRetentionAsync(pastReaders: true)).Records.ShouldBe(10);
        (await node.ReadAsync("f")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Running_TimePasses_DropsByItself()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(
            settings: ["Store:Retention:MaximumAge=1.00:00:00", "Store:Retention:Interval=00:10:00"], configure: s => s.AddSingleton<TimeProvider>(time));
        await FillAsync(node, "f", 23);

        time.Advance(TimeSpan.FromHours(2));
        await Eventually.IsTrueAsync(() => node.Store.List()[0].Records == 0, "the records are dropped");
        await Eventually.IsTrueAsync(() => node.Files().Length == 0, "their file is deleted");
    }

    [Fact]
    public async Task StartAsync_CrashBeforeTheFilesWereDeleted_DeletesThem()
    {
        await using StoreNode node = await StartAsync("Store:Retention:MaximumAge=1.00:00:00", "Store:Retention:Interval=1.00:00:00");
        await FillAsync(node, "f", 72, 1);
        await node.Get<IStoreKeeper>().ApplyRetentionAsync();
        node.Files().Length.ShouldBe(2);
        await node.AbandonAsync();

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        again.Files().Length.ShouldBe(1);
        again.Logs.Texts(1014).ShouldBeEmpty();
        (await again.ReadAsync("f")).Count.ShouldBe(10);
        (await again.Store.ReservePositionsAsync(1)).ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task StartAsync_SettingsOfNoUse_AreAllNamed()
    {
        string message = (await Should.ThrowAsync<OptionsValidationException>(() => StoreNode.StartAsync(settings:
            ["Store:Retention:MaximumAge=00:00:00", "Store:Retention:Feeds:a.*:MaximumBytes=0", "Store:Retention:TotalBytes=0", "Store:Blobs:Grace=00:00:01"]))).Message;

        message.ShouldContain("Mlops:Store:Retention:MaximumAge is 00:00:00");
        message.ShouldContain("Mlops:Store:Retention:Feeds:a.*:MaximumBytes is 0 B");
        message.ShouldContain("Mlops:Store:Retention:TotalBytes is 0 B");
        message.ShouldContain("Mlops:Store:Blobs:Grace is 00:00:01");
    }

    [Fact]
    public void Of_PatternsAndNames_TheMostPreciseWins()
    {
        var options = new RetentionOptions { MaximumAge = TimeSpan.FromDays(1) };
        options.Feeds["cam.*"] = new FeedRetention { MaximumAge = TimeSpan.FromDays(2) };
        options.Feeds["cam.top.*"] = new FeedRetention { MaximumAge = TimeSpan.FromDays(3) };
        options.Feeds["cam.top.frames"] = new FeedRetention();

        options.Of("press.4").MaximumAge.ShouldBe(TimeSpan.FromDays(1));
        options.Of("cam.side").MaximumAge.ShouldBe(TimeSpan.FromDays(2));
        options.Of("cam.top.x").MaximumAge.ShouldBe(TimeSpan.FromDays(3));
        options.Of("cam.top.frames").MaximumAge.ShouldBeNull();
    }

    private static Task<StoreNode> StartAsync(params string[] settings) => StartAsync(new Hold { At = long.MaxValue }, settings);

    private static Task<StoreNode> StartAsync(Hold hold, params string[] settings) => StoreNode.StartAsync(
        settings: [.. settings, "Store:CompactionFiles=1000"],
        configure: s =>
        {
            s.AddSingleton<TimeProvider>(new ManualTime());
            s.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionHold>(hold));
        });

    /// <summary>Writes a file of ten records for each age in hours.</summary>
    private static async Task FillAsync(StoreNode node, string feed, params int[] hours)
    {
        FeedSchema schema = await node.DeclareAsync(feed, ("n", FieldType.Int64));
        foreach (int age in hours)
        {
            await node.CommitAsync(schema, [.. Enumerable.Range(0, 10).Select(i => ((Now - TimeSpan.FromHours(age)).ToUnixTimeSeconds(), new object?[] { i }))]);
            await node.Closer.CloseAllAsync();
        }
    }

    private sealed class Hold : IRetentionHold
    {
        public long At { get; set; }

        public IEnumerable<HeldRecords> Held() => [new HeldRecords("f", At, "a reader")];
    }
}
