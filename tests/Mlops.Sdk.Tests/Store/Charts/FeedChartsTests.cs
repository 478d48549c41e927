using Mlops.Data;
using Mlops.Store.Charts;

namespace Mlops.Tests.Store.Charts;

public class FeedChartsTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public async Task DownsampleAsync_FilesAndLog_SumsBothAndShowsGaps()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("x", FieldType.Float64), ("n", FieldType.Int64), ("ok", FieldType.Boolean), ("name", FieldType.Text));
        await node.CommitAsync(schema, (-1, [5.0, 1, true, "a"]), (0, [1.0, 1, true, "a"]), (3, [7.0, 2, false, "a"]), (4, [null, 3, true, null]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (9, [2.0, null, null, null]), (1, [3.0, -4, true, "b"]), (31, [double.NaN, 1, false, "c"]), (32, [6.0, 1, false, "c"]));

        FeedChart chart = await node.Get<IFeedCharts>().DownsampleAsync(new ChartQuery { Feed = "f", From = -1 * Second, To = 35 * Second, Points = 9 });

        (chart.Start, chart.Width, chart.Count).ShouldBe((-5 * Second, 5 * Second, 8));
        chart.Series.Select(s => s.Field).ShouldBe(["x", "n", "ok"]);
        ChartSeries x = chart.Series[0];
        x.Counts.ShouldBe([1, 3, 1, 0, 0, 0, 0, 1]);
        x.Min.ShouldBe([5, 1, 2, double.NaN, double.NaN, double.NaN, double.NaN, 6]);
        x.Max.ShouldBe([5, 7, 2, double.NaN, double.NaN, double.NaN, double.NaN, 6]);
        x.Mean[1].ShouldBe(11.0 / 3, 1e-12);
        x.First.ShouldBe([5, 1, 2, double.NaN, double.NaN, double.NaN, double.NaN, 6]);
        x.Last.ShouldBe([5, 7, 2, double.NaN, double.NaN, double.NaN, double.NaN, 6]);
        chart.Series[1].Min[1].ShouldBe(-4);
        chart.Series[2].Mean[1].ShouldBe(0.75);
    }

    [Fact]
    public async Task DownsampleAsync_AskedAgainFromMemory_IsTheSameAsRecordByRecord()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("x", FieldType.Float64));
        var random = new Random(7);
        var all = new List<(long Time, double Value)>();
        for (int part = 0; part < 5; part++)
        {
            (long Time, double Value)[] rows = [.. Enumerable.Range(0, 400).Select(i => ((long)((part * 400) + i + random.Next(20)), random.NextDouble()))];
            all.AddRange(rows);
            await node.CommitAsync(schema, [.. rows.Select(r => (r.Time, new object?[] { r.Value }))]);
            if (part < 4)
                await node.Closer.CloseAllAsync();
        }

        var charts = node.Get<IFeedCharts>();
        foreach ((long from, long to, int points) in new[] { (0L, 2100L, 50), (0L, 2100L, 50), (333L, 1777L, 35), (100L, 200L, 1000), (700L, 702L, 10_000) })
        {
            FeedChart chart = await charts.DownsampleAsync(new ChartQuery { Feed = "f", From = from * Second, To = to * Second, Points = points });

            chart.Count.ShouldBeInRange(1, points);
            chart.Start.ShouldBeLessThanOrEqualTo(from * Second);
            (chart.Start + (chart.Count * chart.Width)).ShouldBeGreaterThanOrEqualTo(to * Second);
            for (int b = 0; b < chart.Count; b++)
            {
                long start = chart.Start + (b * chart.Width);
                double[] values = [.. all.Where(r => r.Time * Second >= start && r.Time * Second < start + chart.Width).Select(r => r.Value)];
                chart.Series[0].Counts[b].ShouldBe(values.Length);
                if (values.Length > 0)
                    (chart.Series[0].Min[b], chart.Series[0].Max[b]).ShouldBe((values.Min(), values.Max()));
            }
        }
    }

    [Fact]
    public async Task DownsampleAsync_BrokenFile_IsSetAside()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("x", FieldType.Float64));
        await node.CommitAsync(schema, (1, [1.0]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (2, [2.0]));
        await File.WriteAllTextAsync(Path.Combine(node.Feeds, node.Files().ShouldHaveSingleItem()), "no Parquet");

        FeedChart chart = await node.Get<IFeedCharts>().DownsampleAsync(new ChartQuery { Feed = "f", From = 0, To = 3 * Second, Points = 1 });

        chart.Series[0].Counts.ShouldBe([1]);
        node.Logs.Texts(1004).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("g", "x", 0, 10, 5, "There is no feed 'g'")]
    [InlineData("f", "y", 0, 10, 5, "no field 'y'. Its fields with numbers: x.")]
    [InlineData("f", "t", 0, 10, 5, "no numbers in the field 't', which is Text")]
    [InlineData("f", "x", 10, 10, 5, "an empty range")]
    [InlineData("f", "x", 0, 10, 0, "Give 1 to 10000")]
    public async Task DownsampleAsync_WhatCannotBe_IsRefused(string feed, string field, long from, long to, int points, string reason)
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await node.DeclareAsync("f", ("x", FieldType.Float64), ("t", FieldType.Text));

        ArgumentException error = await Should.ThrowAsync<ArgumentException>(() =>
            node.Get<IFeedCharts>().DownsampleAsync(new ChartQuery { Feed = feed, From = from, To = to, Points = points, Fields = [field] }));

        error.Message.ShouldContain(reason);
    }
}
