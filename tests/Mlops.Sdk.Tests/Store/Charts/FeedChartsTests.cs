using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Charts;
using Mlops.Store.Compaction;

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

    /// <summary>Files as they are written, files made of several, files of a version without summaries, files whose summaries are too coarse, and the log.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task DownsampleAsync_AnyRange_EqualsTheRecordsOneByOne(int seed)
    {
        var random = new Random(seed);
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:CompactionFiles=3"]);
        FeedSchema schema = await node.DeclareAsync("f", ("x", FieldType.Float64), ("n", FieldType.Int64), ("u", FieldType.UInt64), ("ok", FieldType.Boolean), ("changed", FieldType.Int64));
        var all = new List<(long Time, double?[] Values)>();
        for (int part = 0; part < 9; part++)
        {
            if (part == 5)
                schema = await node.DeclareAsync("f", ("x", FieldType.Float64), ("n", FieldType.Float64), ("u", FieldType.UInt64), ("ok", FieldType.Boolean), ("changed", FieldType.Boolean));
            var rows = new RecordBatchBuilder(schema);
            int count = random.Next(1, 4000);
            for (int i = 0; i < count; i++)
                all.Add(Add(rows, random, all.Count, part < 5));
            using RecordBatch batch = rows.Build(await node.Store.ReservePositionsAsync(count));
            await node.CommitAsync(batch);
            if (part < 8)
                await node.Closer.CloseAllAsync();
            if (part == 3)
            {
                // On a slow machine the node's own compaction may come first; what counts is that files were put together.
                await node.Get<SegmentCompactor>().CompactAsync(() => true);
                node.Database.Read(c => c.Scalar<long>("SELECT count(*) FROM segment")).ShouldBeLessThan(4);
            }
        }

        await CheckRangesAsync(node, random, all);
        await node.Database.WriteAsync(c => c.Run("DELETE FROM segment_summary WHERE segment % 2 = 0"));
        await CheckRangesAsync(node, random, all);
        node.Database.Read(c => c.Scalar<long>("SELECT count(*) FROM segment WHERE id NOT IN (SELECT segment FROM segment_summary)")).ShouldBe(0);
        await CheckRangesAsync(node, random, all);
    }

    [Fact]
    public async Task DownsampleAsync_FilesThatAreSummedUp_AreNotRead()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("x", FieldType.Float64));
        await node.CommitAsync(schema, [.. Enumerable.Range(0, 4000).Select(i => ((long)i, new object?[] { i * 1.0 }))]);
        await node.Closer.CloseAllAsync();
        File.Delete(Path.Combine(node.Feeds, node.Files().ShouldHaveSingleItem()));

        FeedChart chart = await node.Get<IFeedCharts>().DownsampleAsync(new ChartQuery { Feed = "f", From = 0, To = 4000 * Second, Points = 40 });

        chart.Series[0].Counts.ShouldAllBe(count => count == 100);
        chart.Series[0].Max[^1].ShouldBe(3999);
    }

    [Fact]
    public async Task DownsampleAsync_BrokenFile_IsSetAside()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync("f", ("x", FieldType.Float64));
        await node.CommitAsync(schema, (1, [1.0]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (2, [2.0]));
        await node.Database.WriteAsync(c => c.Run("DELETE FROM segment_summary"));
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

    private static (long Time, double?[] Values) Add(RecordBatchBuilder rows, Random random, int number, bool before)
    {
        // Every time once, so that first and last are certain; out of order.
        long time = (number * 37_000_003L) + (number % 7 * 1_000_000_000_000L) - 5_000_000_000_000L;
        rows.BeginRow(time);
        var values = new double?[5];
        if (random.Next(6) > 0)
            rows.SetFloat64(0, (values[0] = random.Next(9) switch { 0 => double.NaN, 1 => double.NegativeInfinity, _ => random.NextDouble() - 0.5 }).Value);
        long integer = random.Next(100) - 50;
        if (random.Next(6) > 0 && before)
            rows.SetInt64(1, (long)(values[1] = integer));
        else if (!before)
            rows.SetFloat64(1, (values[1] = integer / 4.0).Value);
        if (random.Next(6) > 0)
            rows.SetUInt64(2, (ulong)(values[2] = random.Next(1000)));
        if (random.Next(6) > 0)
            rows.SetBoolean(3, (values[3] = random.Next(2)) > 0);
        if (before)
            rows.SetInt64(4, integer);
        else
            rows.SetBoolean(4, (values[4] = random.Next(2)) > 0);
        rows.EndRow();
        return (time, values);
    }

    private static async Task CheckRangesAsync(StoreNode node, Random random, List<(long Time, double?[] Values)> all)
    {
        long first = all.Min(r => r.Time), last = all.Max(r => r.Time);
        foreach ((long from, long to, int points) in new[] { (first, last, 1000), (first, last, 3), (first - 5, (first + last) / 2, 200), (all[50].Time, all[50].Time + random.NextInt64(1, 50 * Second), 10_000), (random.NextInt64(first, 0), random.NextInt64(1, last), random.Next(1, 10_000)) })
            Check(await node.Get<IFeedCharts>().DownsampleAsync(new ChartQuery { Feed = "f", From = from, To = to, Points = points }), all);
    }

    private static void Check(FeedChart chart, List<(long Time, double?[] Values)> all)
    {
        ILookup<long, (long Time, double?[] Values)> buckets = all.Where(r => r.Time >= chart.Start).ToLookup(r => (r.Time - chart.Start) / chart.Width);
        chart.Series.Select(s => s.Field).ShouldBe(["x", "n", "u", "ok", "changed"]);
        for (int c = 0; c < chart.Series.Count; c++)
        {
            for (int b = 0; b < chart.Count; b++)
            {
                (long Time, double Value)[] expected = [.. buckets[b].Where(r => r.Values[c] is { } v && double.IsFinite(v)).Select(r => (r.Time, r.Values[c]!.Value)).OrderBy(r => r.Time)];
                ChartSeries series = chart.Series[c];
                if (series.Counts[b] != expected.Length)
                    series.Counts[b].ShouldBe(expected.Length, $"{series.Field}, bucket {b} of {chart.Count}");
                if (expected.Length == 0)
                    continue;
                (series.Min[b], series.Max[b], series.First[b], series.Last[b]).ShouldBe((expected.Min(e => e.Value), expected.Max(e => e.Value), expected[0].Value, expected[^1].Value));
                series.Mean[b].ShouldBe(expected.Average(e => e.Value), 1e-9);
            }
        }
    }
}
