using Microsoft.Extensions.DependencyInjection;
using Mlops.Tests.Store;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Ingest;

public sealed class RecordTimeTests
{
    [Fact]
    public async Task Records_LateAndOutOfOrder_KeepTheirOwnTimeAndTheOrderOfArrival()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());
        string[] times = ["2026-03-04T05:06:07Z", "2026-03-04T05:06:05Z", "1999-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "2026-03-04T05:06:06Z"];

        for (int i = 0; i < times.Length; i++)
            await node.SendAsync(Topic, Bulk(i + 1, i, times[i]));

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["Pad.Height"]).ShouldBe([0.0, 1.0, 2.0, 3.0, 4.0]);
        rows.Select(r => (long)r["_timestamp"]!).ShouldBe(times.Select(t => Mlops.Data.EpochTime.FromDateTimeOffset(DateTimeOffset.Parse(t, System.Globalization.CultureInfo.InvariantCulture))));
        rows.Select(r => (long)r["_position"]!).ShouldBeInOrder();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task Clock_JumpsByHours_NothingIsHeldBackOrLost(int hours)
    {
        var time = new ManualTime();
        await using IngestNode node = await IngestNode.StartAsync(configure: services => services.AddSingleton<TimeProvider>(time));
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, """{"seq":1,"vals":[{"id":"h1","val":1}]}""");

        time.Advance(TimeSpan.FromHours(hours));
        await node.SendAsync(Topic, """{"seq":2,"vals":[{"id":"h1","val":2}]}""");
        time.Advance(TimeSpan.FromHours(-hours));
        await node.SendAsync(Topic, """{"seq":3,"vals":[{"id":"h1","val":3}]}""");

        var rows = node.Store.Rows(Feed);
        rows.Select(r => r["_seq"]).ShouldBe([1L, 2L, 3L]);
        rows.Select(r => (long)r["_position"]!).ShouldBeInOrder();
        ((long)rows[1]["_received"]! - (long)rows[0]["_received"]!).ShouldBe(hours * 3_600_000_000_000L);
        node.Report.Duplicates.ShouldBe(0);
    }
}
