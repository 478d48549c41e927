using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Benchmarks.Harness;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Benchmarks.Store;

internal sealed class CommitScenario : IScenario
{
    private const int Columns = 16;
    private static readonly (int Rows, int Commits)[] s_cases = [(1, 400), (100, 300), (1500, 100)];
    private static readonly Metric[] s_metrics = [new("throughput", "rows/s", HigherIsBetter: true), new("commit p50", "ms"), new("commit p99", "ms")];

    public string Name => "commit";

    public string Title => "Making records durable";

    public string Method =>
        "From plain arrays of 16 doubles to durable, one commit after the other. Mlops: a `RecordBatch` is built, its positions are reserved and `IFeedStore.CommitAsync` is awaited. "
        + "Baseline: Microsoft.Data.Sqlite, one prepared INSERT a row, one transaction a batch, `journal_mode=WAL`, `synchronous=FULL`, on the same disk. "
        + "Both promise the same: what is committed survives the loss of power. A round is 400 commits of 1 row, 300 of 100 rows, 100 of 1,500 rows.";

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Configuration["Mlops:DataFolder"] = Path.Combine(folder, "data");
            builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore();
            using IHost host = builder.Build();
            await host.StartAsync(stop);
            IFeedStore store = host.Services.GetRequiredService<IFeedStore>();
            FeedSchema schema = await store.DeclareAsync(
                new FeedDeclaration(null, "bench.plc.cycle", [.. Enumerable.Range(0, Columns).Select(i => new FeedField($"value{i}", FieldType.Float64))]), stop);
            var rows = new RecordBatchBuilder(schema);
            using var sqlite = new PlainSqlite(Path.Combine(folder, "plain.db"), Columns);
            foreach ((int count, int commits) in s_cases)
            {
                double[][] values = Values(count);
                await comparison.RunAsync(
                    $"{count:#,0} row{(count == 1 ? "" : "s")}", 5, s_metrics,
                    new Contender("IFeedStore.CommitAsync", _ => RoundAsync(count, commits, () => CommitAsync(store, rows, values))),
                    new Contender("one INSERT a row with Microsoft.Data.Sqlite", _ => RoundAsync(count, commits, () =>
                    {
                        sqlite.Commit(Stopwatch.GetTimestamp(), values);
                        return ValueTask.CompletedTask;
                    })),
                    stop);
            }

            await host.StopAsync(stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double[][] Values(int rows)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, Columns).Select(_ => random.NextDouble()).ToArray())];
    }

    private static async ValueTask CommitAsync(IFeedStore store, RecordBatchBuilder rows, double[][] values)
    {
        long time = EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow);
        for (int row = 0; row < values.Length; row++)
        {
            rows.BeginRow(time + row);
            for (int i = 0; i < Columns; i++)
                rows.SetFloat64(i, values[row][i]);
            rows.EndRow();
        }

        using RecordBatch batch = rows.Build(await store.ReservePositionsAsync(values.Length));
        var commit = new StoreCommit();
        commit.Batches.Add(batch);
        await store.CommitAsync(commit);
    }

    private static async Task<IReadOnlyDictionary<string, double>> RoundAsync(int rows, int commits, Func<ValueTask> commit)
    {
        var times = new double[commits];
        for (int i = 0; i < commits; i++)
        {
            long started = Stopwatch.GetTimestamp();
            await commit();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        double throughput = rows * commits / (times.Sum() / 1000);
        Array.Sort(times);
        return new Dictionary<string, double>
        {
            ["throughput"] = throughput,
            ["commit p50"] = Spread.Percentile(times, 50),
            ["commit p99"] = Spread.Percentile(times, 99),
        };
    }
}
