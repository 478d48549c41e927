using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store;
using Mlops.Store.Charts;

namespace Mlops.Benchmarks.Reading;

/// <summary>The child process with our side: a store that is full of records, takes in more all the time, and is read.</summary>
internal static class ReadingNode
{
    public const string Feed = "bench.plc.cycle";
    public const int Columns = 16;
    public const long Millisecond = 1_000_000;
    public static readonly long Start = EpochTime.FromDateTimeOffset(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private const int CommitRows = 10_000;
    private const int BurstsPerSecond = 100;

    /// <summary>Fills the store, says "ready", and answers the lines that <c>peers/read_sqlite.py</c> answers, and "ingest PER_SECOND", with milliseconds, a number of rows, and how many bytes the columns have that it returned.</summary>
    public static async Task RunAsync(string dataFolder, int records, bool keepLog)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Mlops:DataFolder"] = dataFolder;
        if (keepLog)
        {
            builder.Configuration["Mlops:Store:SegmentBytes"] = "256 MB";
            builder.Configuration["Mlops:Store:SegmentAge"] = "1.00:00:00";
            builder.Configuration["Mlops:Store:SegmentMaximumAge"] = "1.00:00:00";
        }

        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddIngest();
        using IHost host = builder.Build();
        await host.StartAsync();
        FeedSchema schema = await host.Services.GetRequiredService<IFeedWriter>().DeclareAsync(Feed, [.. Enumerable.Range(0, Columns).Select(i => new FeedField($"value{i}", FieldType.Float64))]);
        await FillAsync(host.Services, schema, records, keepLog);
        Console.WriteLine("ready");
        using var stop = new CancellationTokenSource();
        Task ingesting = Task.CompletedTask;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            long started = Stopwatch.GetTimestamp();
            long rows = 0, bytes = 0;
            if (words[0] == "ingest")
                ingesting = IngestAsync(host.Services.GetRequiredService<IFeedWriter>(), schema, records, int.Parse(words[1], CultureInfo.InvariantCulture), stop.Token);
            else
                (rows, bytes) = await AnswerAsync(host.Services, words[0], [.. words.Skip(1).Select(w => long.Parse(w, CultureInfo.InvariantCulture))]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.000} {rows} {bytes}"));
        }

        await stop.CancelAsync();
        await ingesting;
        await host.StopAsync();
    }

    private static async Task<(long Rows, long Bytes)> AnswerAsync(IServiceProvider services, string question, long[] numbers)
    {
        switch (question)
        {
            case "last":
                long rows = 0;
                await foreach (RecordBatch batch in services.GetRequiredService<IFeedReader>().ReadAsync(new FeedQuery { Feed = Feed, Descending = true, Limit = numbers[0] }))
                {
                    rows += batch.Count;
                    batch.Dispose();
                }

                return (rows, 0);
            case "chart":
                FeedChart chart = await services.GetRequiredService<IFeedCharts>().DownsampleAsync(
                    new ChartQuery { Feed = Feed, From = numbers[0], To = numbers[1], Points = (int)((numbers[1] - numbers[0]) / numbers[2]) + 1, Fields = [$"value{numbers[3]}"] });
                return (chart.Count, 0);
            default:
                using (SelectedData data = await services.GetRequiredService<ITrainingSelection>().SelectAsync(new SelectionRequest { Feed = Feed, From = numbers[0], To = numbers[1] }, CancellationToken.None))
                    return (data.Snapshot.Records, data.Data.Batches.Sum(b => b.Bytes));
        }
    }

    private static async Task FillAsync(IServiceProvider services, FeedSchema schema, int records, bool keepLog)
    {
        IFeedStore store = services.GetRequiredService<IFeedStore>();
        var random = new Random(7);
        var rows = new RecordBatchBuilder(schema);
        for (int first = 0; first < records; first += CommitRows)
        {
            int count = Math.Min(CommitRows, records - first);
            for (int i = 0; i < count; i++)
                Add(rows, random, first + i);
            using RecordBatch batch = rows.Build(await store.ReservePositionsAsync(count));
            var commit = new StoreCommit();
            commit.Batches.Add(batch);
            await store.CommitAsync(commit);
        }

        // Files are written in the background; what fills less than one stays in the log.
        IStoreKeeper keeper = services.GetRequiredService<IStoreKeeper>();
        while (!keepLog && keeper.Status().Feeds.Single().LogBytes > 8 << 20)
            await Task.Delay(200);
    }

    private static async Task IngestAsync(IFeedWriter writer, FeedSchema schema, int first, int perSecond, CancellationToken stop)
    {
        var random = new Random(11);
        var rows = new RecordBatchBuilder(schema);
        var clock = Stopwatch.StartNew();
        for (long burst = 0; !stop.IsCancellationRequested; burst++)
        {
            while (clock.Elapsed.TotalSeconds * BurstsPerSecond < burst)
                await Task.Delay(1, CancellationToken.None);
            for (int i = 0; i < perSecond / BurstsPerSecond; i++)
                Add(rows, random, first++);
            using RecordBatch batch = rows.Build();
            await writer.WriteAsync(batch, CancellationToken.None);
        }
    }

    private static void Add(RecordBatchBuilder rows, Random random, long number)
    {
        rows.BeginRow(Start + (number * Millisecond));
        for (int c = 0; c < Columns; c++)
            rows.SetFloat64(c, random.NextDouble() * 100);
        rows.EndRow();
    }
}
