using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Drivers;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers;

public sealed class DriverSupervisionTests : IDisposable
{
    private static readonly FeedField[] Number = [new("n", FieldType.Int64)];
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDriverFactory _factory = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_Throws_IsTriedAgainAndHarmsNoOther()
    {
        _factory.FailCreate = asset => asset == "bad" && _factory.Runs["bad"] < 3 ? new InvalidOperationException("no licence") : null;
        await using DriverNode node = await StartAsync("bad", "good");
        await node.UntilAsync("good", DriverState.Connected);
        await node.UntilAsync("bad", DriverState.Connected);

        _factory.Runs["bad"].ShouldBe(3);
        node.Assets.Find("bad")!.Restarts.ShouldBe(2);
        node.Assets.History("bad").Select(h => h.Reason).ShouldContain(r => r != null && r.StartsWith("no licence. The driver starts again in 0.1 s", StringComparison.Ordinal));
        node.Assets.History("bad")[^1].State.ShouldBe(DriverState.Connected);
        _factory.Runs["good"].ShouldBe(1);
    }

    [Fact]
    public async Task Dispose_ThrowsOrHangs_IsLoggedAndTheDriverStartsAgain()
    {
        _factory.Dispose = asset => asset == "throws" ? throw new InvalidOperationException("stuck") : new TaskCompletionSource().Task;
        foreach (string asset in new[] { "throws", "hangs" })
            _factory.Scripts[asset] = (sink, run, stop) => run == 1 ? throw new InvalidOperationException("lost") : ScriptedDriverFactory.Idle(sink, run, stop);
        await using DriverNode node = await StartAsync(["Drivers:StopTimeout=00:00:00.200"], "throws", "hangs");
        await node.UntilAsync("throws", DriverState.Connected);
        await node.UntilAsync("hangs", DriverState.Connected);

        node.Logs.Texts(1174).ShouldContain(t => t.Contains("'throws'") && t.Contains("stuck"));
        node.Logs.Texts(1174).ShouldContain(t => t.Contains("'hangs'") && t.Contains("given up"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_DriverThatHangs_IsGivenUpNamedAndCanDoNoMoreHarm(bool callbackBlocks)
    {
        using var release = new ManualResetEventSlim();
        var late = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _factory.Scripts["deaf"] = async (sink, _, stop) =>
        {
            FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
            using CancellationTokenRegistration _1 = stop.Register(() =>
            {
                if (callbackBlocks)
                    release.Wait();
            });
            sink.Report(DriverState.Connected);
            await Task.Run(release.Wait, CancellationToken.None);
            using RecordBatch batch = Batch(schema, 1, 1);
            late.SetResult(await Record.ExceptionAsync(() => sink.WriteAsync(batch, CancellationToken.None).AsTask()));
            sink.Report(DriverState.Connected);
        };
        await using DriverNode node = await StartAsync(["Drivers:StopTimeout=00:00:00.200"], "deaf", "good");
        await node.UntilAsync("deaf", DriverState.Connected);

        (await node.Catalog.SetEnabledAsync("deaf", false).Within())!.Enabled.ShouldBeFalse();
        node.Logs.Texts(1173).ShouldHaveSingleItem().ShouldContain("'deaf'");
        release.Set();
        (await late.Task.Within()).ShouldBeAssignableTo<OperationCanceledException>();
        node.Assets.Find("deaf")!.State.ShouldBe(DriverState.Stopped);
        (await node.RowsAsync("scripted.deaf.values")).ShouldBeEmpty();
        await node.UntilAsync("good", DriverState.Connected);
    }

    [Fact]
    public async Task Write_FasterThanRecordsAreKept_IsHeldBackAndAnotherAssetGetsThrough()
    {
        const int Batches = 200;
        _factory.Scripts["flood"] = async (sink, _, stop) =>
        {
            FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
            using RecordBatch batch = Batch(schema, 1, 100);
            await Task.WhenAll(Enumerable.Range(0, Batches).Select(_ => sink.WriteAsync(batch, stop).AsTask()));
            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        _factory.Scripts["calm"] = WriteOnce;
        await using DriverNode node = await StartAsync(["Drivers:MaxWaitingRecords=500"], "flood", "calm");
        await node.UntilAsync("flood", DriverState.Connected);
        await node.UntilAsync("calm", DriverState.Connected);

        AssetInfo flood = node.Assets.Find("flood")!;
        (flood.Records, flood.Waiting).ShouldBe((Batches * 100, 0));
        flood.HeldBack.ShouldBeGreaterThan(0);
        flood.LastRecord.ShouldNotBeNull();
        (await node.RowsAsync("scripted.flood.values")).Count.ShouldBe(Batches * 100);
    }

    [Fact]
    public async Task Write_NeverAwaited_EndsInARestartThatSaysWhy()
    {
        _factory.Scripts["careless"] = async (sink, run, stop) =>
        {
            if (run > 1)
            {
                await ScriptedDriverFactory.Idle(sink, run, stop);
                return;
            }

            FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
            using RecordBatch batch = Batch(schema, 1, 10);
            var calls = new List<Task>();
            for (int i = 0; i < 100_000; i++)
                calls.Add(sink.WriteAsync(batch, stop).AsTask());
            await Task.WhenAll(calls);
        };
        await using DriverNode node = await StartAsync(["Drivers:MaxWaitingRecords=10"], "careless");
        await node.UntilAsync("careless", DriverState.Connected);

        node.Assets.History("careless").ShouldContain(h => h.Reason != null && h.Reason.Contains("Await each WriteAsync", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Declare_CollidingGroups_GetFeedsOfTheirOwn()
    {
        var feeds = new ConcurrentQueue<string>();
        _factory.Scripts["a"] = async (sink, _, stop) =>
        {
            foreach (string group in new[] { "Line 1", "line-1", "LINE_1" })
            {
                FeedSchema schema = await sink.DeclareAsync(group, Number, stop);
                feeds.Enqueue(schema.Feed);
                using RecordBatch batch = Batch(schema, feeds.Count, 1);
                await sink.WriteAsync(batch, stop);
            }

            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        await using DriverNode node = await StartAsync("a");
        await node.UntilAsync("a", DriverState.Connected);

        feeds.Distinct().Count().ShouldBe(3);
        feeds.First().ShouldBe("scripted.a.line-1");
        foreach ((string feed, long n) in feeds.Zip([1L, 2L, 3L]))
            (await node.RowsAsync(feed)).ShouldHaveSingleItem()["n"].ShouldBe(n);
    }

    [Fact]
    public async Task Declare_ChangedSchema_TakesNewFieldsAndRefusesBatchesOfTheOldTypes()
    {
        var refused = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _factory.Scripts["a"] = async (sink, _, stop) =>
        {
            FeedSchema first = await sink.DeclareAsync("values", Number, stop);
            FeedSchema wider = await sink.DeclareAsync("values", [.. Number, new FeedField("t", FieldType.Text)], stop);
            using RecordBatch old = Batch(first, 1, 1);
            await sink.WriteAsync(old, stop);
            using RecordBatch grown = Batch(wider, 2, 1);
            await sink.WriteAsync(grown, stop);
            FeedSchema text = await sink.DeclareAsync("values", [new FeedField("n", FieldType.Text)], stop);
            refused.SetResult(await Record.ExceptionAsync(() => sink.WriteAsync(old, stop).AsTask()));
            var builder = new RecordBatchBuilder(text);
            builder.BeginRow(3);
            builder.SetText(text.IndexOf("n"), "three"u8);
            builder.EndRow();
            using RecordBatch last = builder.Build();
            await sink.WriteAsync(last, stop);
            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        await using DriverNode node = await StartAsync("a");
        await node.UntilAsync("a", DriverState.Connected);

        (await refused.Task.Within()).ShouldBeOfType<ArgumentException>().Message.ShouldContain("Declare the feed again");
        (await node.RowsAsync("scripted.a.values")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Write_UndeclaredOrForeignFeed_IsRefused()
    {
        var refused = new ConcurrentQueue<Exception?>();
        _factory.Scripts["b"] = WriteOnce;
        _factory.Scripts["a"] = async (sink, _, stop) =>
        {
            foreach (string feed in new[] { "scripted.a.values", "scripted.b.values" })
            {
                using RecordBatch batch = Batch(new FeedSchema(feed, Number), 1, 1);
                refused.Enqueue(await Record.ExceptionAsync(() => sink.WriteAsync(batch, stop).AsTask()));
            }

            refused.Enqueue(await Record.ExceptionAsync(() => sink.DeclareAsync(" ", Number, stop).AsTask()));
            refused.Enqueue(await Record.ExceptionAsync(() => sink.DeclareAsync("x", [.. Number, .. Number], stop).AsTask()));
            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        await using DriverNode node = await StartAsync("b", "a");
        await node.UntilAsync("a", DriverState.Connected);

        refused.Count.ShouldBe(4);
        refused.ShouldAllBe(e => e is ArgumentException);
    }

    [Fact]
    public async Task Remove_WhileWriting_EndsTheDriverAndKeepsWhatWasWritten()
    {
        _factory.Scripts["a"] = async (sink, _, stop) =>
        {
            FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
            for (int i = 0; ; i++)
            {
                using RecordBatch batch = Batch(schema, i, 1);
                await sink.WriteAsync(batch, stop);
                sink.Report(DriverState.Connected);
            }
        };
        await using DriverNode node = await StartAsync("a");
        await node.UntilAsync("a", DriverState.Connected);

        (await node.Catalog.RemoveAsync("a").Within()).ShouldBeTrue();

        node.Assets.List().ShouldBeEmpty();
        int kept = (await node.RowsAsync("scripted.a.values")).Count;
        kept.ShouldBeGreaterThan(0);
        node.Logs.Texts(1173).ShouldBeEmpty();
    }

    [Fact]
    public async Task Report_Flood_KeepsABoundedHistoryAndFewLogLines()
    {
        _factory.Scripts["a"] = async (sink, _, stop) =>
        {
            for (int i = 0; i < 10_000; i++)
                sink.Report(DriverState.Degraded, $"{i} {new string('x', 5000)}");
            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        await using DriverNode node = await StartAsync(["Drivers:HistoryLength=7"], "a");
        await node.UntilAsync("a", DriverState.Connected);

        node.Assets.History("a").Count.ShouldBe(7);
        node.Assets.History("a").ShouldAllBe(h => h.Reason == null || h.Reason.Length <= 1001);
        node.Logs.Texts(1170).Length.ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task Memory_OfAnAsset_SurvivesRestartsAndEndsWithIt()
    {
        var seen = new ConcurrentQueue<string?>();
        _factory.Scripts["a"] = async (sink, _, stop) =>
        {
            IReadOnlyDictionary<string, string> memory = await sink.RecallAsync(stop);
            seen.Enqueue(memory.GetValueOrDefault("at"));
            await sink.RememberAsync("at", seen.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), stop);
            await sink.RememberAsync("other", "x", stop);
            await sink.RememberAsync("other", null, stop);
            (await Record.ExceptionAsync(() => sink.RememberAsync("k", new string('x', 70_000), stop).AsTask())).ShouldBeOfType<ArgumentException>();
            (await sink.RecallAsync(stop)).Keys.ShouldBe(["at"]);
            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        await using (DriverNode node = await StartAsync("a"))
            await node.UntilAsync("a", DriverState.Connected);
        await using (DriverNode node = await StartAsync())
        {
            await node.UntilAsync("a", DriverState.Connected);
            await node.Catalog.RemoveAsync("a");
            await node.Catalog.PutAsync("a", new AssetChange("scripted", new System.Text.Json.Nodes.JsonObject { ["address"] = "x" }));
            await node.UntilAsync("a", DriverState.Connected);
        }

        seen.ShouldBe([null, "1", null]);
    }

    [Fact]
    public async Task Start_TwoHundredAssetsHalfOfThemFailing_RunsTheOthersAndStops()
    {
        for (int i = 0; i < 200; i += 2)
        {
            _factory.Scripts[$"a{i}"] = WriteOnce;
            _factory.Scripts[$"a{i + 1}"] = (_, _, _) => throw new InvalidOperationException("broken");
        }

        DriverNode node = await StartAsync([.. Enumerable.Range(0, 200).Select(i => $"a{i}")]);
        await using (node)
        {
            for (int i = 0; i < 200; i += 2)
                await node.UntilAsync($"a{i}", DriverState.Connected);
            node.Assets.List().Count.ShouldBe(200);
            await node.StopAsync().Within();
            node.Assets.List().ShouldAllBe(a => a.State == DriverState.Stopped);
        }
    }

    private static async Task WriteOnce(IRecordSink sink, int run, CancellationToken stop)
    {
        FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
        using RecordBatch batch = Batch(schema, 1, 1);
        await sink.WriteAsync(batch, stop);
        await ScriptedDriverFactory.Idle(sink, run, stop);
    }

    private static RecordBatch Batch(FeedSchema schema, long first, int count)
    {
        var builder = new RecordBatchBuilder(schema);
        for (int i = 0; i < count; i++)
        {
            builder.BeginRow(first + i);
            builder.SetInt64(0, first + i);
            builder.EndRow();
        }

        return builder.Build();
    }

    private Task<DriverNode> StartAsync(params string[] assets) => StartAsync([], assets);

    private Task<DriverNode> StartAsync(string[] settings, params string[] assets) => DriverNode.StartAsync(
        _folder, [.. settings, .. assets.SelectMany(a => new[] { $"Assets:{a}:Kind=scripted", $"Assets:{a}:Settings:Address=x" })], _factory);
}
