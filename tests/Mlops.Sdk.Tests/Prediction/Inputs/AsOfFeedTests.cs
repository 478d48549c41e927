using Mlops.Data;
using Mlops.Ingest;
using Mlops.Prediction.Inputs;
using Mlops.Store;

namespace Mlops.Tests.Prediction.Inputs;

public sealed class AsOfFeedTests : IDisposable
{
    private static readonly FeedSchema Inputs = new("inputs", [new FeedField("x", FieldType.Float64), new FeedField("heat", FieldType.Float64), new FeedField("shift", FieldType.Text)]);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-as-of").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(20.0)]
    public async Task Read_TimesInAnyOrder_GivesTheNewestThatCameBeforeFromWhereverItBegins(double? tolerance)
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        var random = new Random(5);
        double clock = 1000;
        for (int round = 0; round < 40; round++)
        {
            clock += 30;

            // Most come in order, some late, a few by hours.
            double Time() => Math.Round(clock - (random.Next(10) switch { < 6 => random.NextDouble(), < 9 => 60 * random.NextDouble(), _ => 20_000 * random.NextDouble() }), 1);
            await WriteAsync(node, "oven", 20, i => (Time(), new Dictionary<string, object?> { ["heat"] = random.Next(8) == 0 ? null : random.NextDouble(), ["shift"] = random.Next(3) == 0 ? "early" : "late" }));
            await WriteAsync(node, PredictionNode.Feed, 4, i => (Time(), new Dictionary<string, object?> { ["x"] = 1.0 }));
        }

        List<(long Position, long Time, object? Heat, object? Shift)> oven = await ReadAsync(node, "oven", b => b.Column("heat"), b => b.Column("shift"));
        List<(long Position, long Time, object? X, object? Same)> press = await ReadAsync(node, PredictionNode.Feed, b => b.Column("x"), b => b.Column("x"));
        long? nanoseconds = tolerance is { } seconds ? (long)(seconds * 1e9) : null;
        int found = 0;
        foreach (int start in (int[])[0, 61, press.Count - 3])
        {
            await using AsOfFeed feed = Feed(node, nanoseconds);
            var values = new InputValue?[2];
            foreach ((long position, long time, _, _) in press[start..])
            {
                (long Position, long Time, object? Heat, object? Shift)[] eligible = [.. oven.Where(o => o.Position < position && o.Time <= time && (nanoseconds is null || o.Time >= time - nanoseconds))];
                (long Position, long Time, object? Heat, object? Shift) expected = eligible.OrderBy(o => o.Time).ThenBy(o => o.Position).LastOrDefault();

                await feed.ReadAsync(position, time, values, CancellationToken.None);

                Heat(values[0]).ShouldBe(expected.Heat as double?, $"record {position} from {start}");
                (values[1] is { Text: { } text } ? System.Text.Encoding.UTF8.GetString(text) : null).ShouldBe(expected.Shift as string);
                found += expected.Position > 0 ? 1 : 0;
            }

            // Once more the first: what came behind it must not be seen.
            (long again, long instant, _, _) = press[start];
            var repeated = new InputValue?[2];
            await using AsOfFeed fresh = Feed(node, nanoseconds);
            await fresh.ReadAsync(again, instant, repeated, CancellationToken.None);
            await feed.ReadAsync(again, instant, values, CancellationToken.None);
            Heat(values[0]).ShouldBe(Heat(repeated[0]));
        }

        found.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task Read_WhileRecordsArrive_SeesWhatIsNotCommittedYet()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await WriteAsync(node, "oven", 1, _ => (1, new Dictionary<string, object?> { ["heat"] = 1.0, ["shift"] = "early" }));
        await using AsOfFeed feed = Feed(node, null);
        var values = new InputValue?[2];
        long first = await node.Get<IFeedStore>().ReservePositionsAsync(5);
        await feed.ReadAsync(first, Nanoseconds(5), values, CancellationToken.None);
        Heat(values[0]).ShouldBe(1.0);

        Publish(node, first + 1, 2, 7);

        await feed.ReadAsync(first + 1, Nanoseconds(5), values, CancellationToken.None);
        Heat(values[0]).ShouldBe(1.0, "it has the same position and came not before");
        await feed.ReadAsync(first + 2, Nanoseconds(5), values, CancellationToken.None);
        Heat(values[0]).ShouldBe(7.0);
        feed.Through.ShouldBe(first + 1);

        // A batch of the other feed may be there before the one whose positions are between its own.
        node.Get<ILiveTail>().Announce("oven", first + 3);
        Task read = feed.ReadAsync(first + 4, Nanoseconds(5), values, CancellationToken.None).AsTask();
        read.IsCompleted.ShouldBeFalse();
        Publish(node, first + 3, 3, 9);
        await read;
        Heat(values[0]).ShouldBe(9.0);
    }

    [Fact]
    public async Task Read_FieldThatIsGone_SaysWhich()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await WriteAsync(node, "oven", 1, _ => (1, new Dictionary<string, object?> { ["cold"] = 1.0 }));
        await using AsOfFeed feed = Feed(node, null);

        (await Should.ThrowAsync<Mlops.Workflows.WorkflowException>(async () => await feed.ReadAsync(1_000_000, 0, new InputValue?[2], CancellationToken.None)))
            .Message.ShouldContain("'heat' is gone");
    }

    private static void Publish(PredictionNode node, long position, double time, double heat)
    {
        var builder = new RecordBatchBuilder(node.Get<IFeedReader>().Find("oven")!);
        builder.BeginRow(Nanoseconds(time));
        builder.SetFloat64(builder.Schema.IndexOf("heat"), heat);
        builder.EndRow();
        using RecordBatch batch = builder.Build(position);
        node.Get<ILiveTail>().Publish(batch);
    }

    private static AsOfFeed Feed(PredictionNode node, long? tolerance) => new(
        new JoinedSource("oven", [(1, "heat"), (2, "shift")], tolerance, 0), Inputs, carries: false,
        node.Get<IFeedStore>(), node.Get<IFeedReader>(), node.Get<ILiveTail>(), TimeProvider.System);

    private static double? Heat(InputValue? value) => value is { } known ? BitConverter.Int64BitsToDouble(known.Bits) : null;

    private static long Nanoseconds(double seconds) => (long)(seconds * 1e9);

    private static async Task WriteAsync(PredictionNode node, string feed, int count, Func<int, (double Time, Dictionary<string, object?> Values)> make) =>
        await node.Get<IFeedWriter>().WriteAsync(feed, [.. Enumerable.Range(0, count).Select(make).Select(r => new FeedRecord(DateTimeOffset.UnixEpoch.AddSeconds(r.Time), r.Values))]);

    private static async Task<List<(long Position, long Time, object? First, object? Second)>> ReadAsync(PredictionNode node, string feed, Func<RecordBatch, Column> first, Func<RecordBatch, Column> second)
    {
        var records = new List<(long, long, object?, object?)>();
        await foreach (RecordBatch batch in node.Get<IFeedReader>().ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                    records.Add((batch.Positions[row], batch.Timestamps[row], first(batch).GetValue(row), second(batch).GetValue(row)));
            }
        }

        return records;
    }
}
