using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class IngestPipelineTests
{
    private const string Metadata = """
        {"hashVersion":1,"connections":[{"name":"c","dataPoints":[
          {"name":"a","topic":"ie/d/j/simatic/v1/app/dp/r/c/a","dataPointDefinitions":[{"name":"x","id":"1","dataType":"LReal"}]},
          {"name":"b","topic":"ie/d/j/simatic/v1/app/dp/r/c/b","dataPointDefinitions":[{"name":"x","id":"1","dataType":"LReal"}]}]}]}
        """;

    private const string TopicA = "ie/d/j/simatic/v1/app/dp/r/c/a";
    private const string TopicB = "ie/d/j/simatic/v1/app/dp/r/c/b";

    [Fact]
    public async Task Acknowledge_CommitNotDone_WaitsThoughTheTailHasTheRecord()
    {
        await using IngestNode node = await StartAsync();
        node.Store.Block();

        await node.Bus.Deliver(TopicA, Message(1), number: 1);
        await IngestNode.UntilAsync(() => !node.Tail.Published.IsEmpty && node.Store.Attempts > 0, "the tail got nothing");
        node.Bus.Acknowledged.ShouldNotContain(1);
        node.Tail.CommittedUpTo.ShouldBeEmpty();
        node.Report.Pending.ShouldBe(1);
        node.Store.Release();

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(1), "no acknowledgement");
        node.Store.Rows("app.c.a").Count.ShouldBe(1);
        node.Tail.CommittedUpTo.ShouldContain(("app.c.a", 1));
    }

    [Fact]
    public async Task Acknowledge_ManyMessagesOfSeveralFeeds_KeepsTheOrderOfArrival()
    {
        await using IngestNode node = await StartAsync();

        for (int i = 1; i <= 500; i++)
            await node.Bus.Deliver(i % 3 == 0 ? TopicB : TopicA, Message(i), number: i);

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(500), "not all were acknowledged");
        node.Bus.Acknowledged.Where(n => n <= 500).ShouldBe(Enumerable.Range(1, 500).Select(n => (long)n));
        foreach (string feed in new[] { "app.c.a", "app.c.b" })
        {
            var rows = node.Store.Rows(feed);
            rows.Select(r => (long)r["_position"]!).ShouldBeInOrder();
            rows.Select(r => (long)r["_seq"]!).ShouldBeInOrder();
        }

        node.Tail.Published.Where(p => p.Feed == "app.c.a").SelectMany(p => p.Positions).ShouldBeInOrder();
    }

    [Fact]
    public async Task Accept_SeveralFeedsInOneGo_NumbersTheirRecordsInTheOrderOfArrival()
    {
        await using IngestNode node = await StartAsync();
        await node.SendAsync(TopicA, Message(1));
        await node.SendAsync(TopicB, Message(2));
        int[] from = [.. Enumerable.Range(3, 300).Select(i => i * i % 7 % 3)];

        var delivered = new List<Task>();
        lock (node.Get<IngestPipeline>().Gate)
        {
            foreach ((int which, int i) in from.Select((which, i) => (which, i)))
                delivered.Add(node.Bus.Deliver(which == 0 ? TopicA : TopicB, Message(i + 3), number: i + 3).AsTask());
        }

        await Task.WhenAll(delivered);
        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(302), "not all were acknowledged");
        (long Position, long Sequence)[] rows = [.. node.Store.Rows("app.c.a").Concat(node.Store.Rows("app.c.b")).Select(r => ((long)r["_position"]!, (long)r["_seq"]!)).Order()];
        rows.Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 302).Select(i => (long)i));
        rows.Select(r => r.Position).ShouldBeUnique();
        node.Tail.Announced.ShouldBe([("app.c.a", rows[1 + Array.LastIndexOf(from, 0) + 1].Position), ("app.c.b", rows[^1].Position)], ignoreOrder: true);
    }

    [Fact]
    public async Task Accept_FromSeveralThreads_LosesNothingAndCommitsInGroups()
    {
        await using IngestNode node = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(async () =>
        {
            for (int i = 1; i <= 1000; i++)
                await node.Bus.Deliver(t % 2 == 0 ? TopicA : TopicB, Message((t * 1000) + i), number: (t * 1000) + i);
        })));

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Count(n => n <= 4000) == 4000, "not all were acknowledged");
        (node.Store.Rows("app.c.a").Count + node.Store.Rows("app.c.b").Count).ShouldBe(4000);
        node.Store.Commits.ShouldBeLessThan(2000);
        node.Report.Records.ShouldBe(4000);
        node.Report.Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Commit_DiskFull_KeepsTheGroupSaysSoAndTriesAgain()
    {
        await using IngestNode node = await StartAsync();
        node.Store.FailNextCommit(new IOException("No space left on device"));
        node.Store.FailNextCommit(new IOException("No space left on device"));

        await node.Bus.Deliver(TopicA, Message(1), number: 1);
        await IngestNode.UntilAsync(() => node.Report.Trouble is not null, "no trouble reported");
        node.Report.Trouble.ShouldBe("No space left on device");
        node.Report.TroubleSince.ShouldNotBeNull();
        node.Bus.Acknowledged.ShouldNotContain(1);

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(1), "no acknowledgement");
        node.Report.Trouble.ShouldBeNull();
        node.Store.Rows("app.c.a").Count.ShouldBe(1);
        node.Logs.Texts(1102).Length.ShouldBe(1);
        node.Logs.Texts(1103).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_OneFeedRefused_KeepsTheOthers()
    {
        await using IngestNode node = await StartAsync();
        node.Store.Block();
        await node.Bus.Deliver(TopicA, Message(1), number: 1);
        await IngestNode.UntilAsync(() => node.Store.Attempts > 0, "no commit was tried");
        node.Store.Poisoned = "app.c.b";
        await node.Bus.Deliver(TopicA, Message(2), number: 2);
        await node.Bus.Deliver(TopicB, Message(3), number: 3);
        node.Store.Release();

        await IngestNode.UntilAsync(() => node.Bus.Acknowledged.Contains(3), "no acknowledgement");
        node.Store.Rows("app.c.a").Count.ShouldBe(2);
        node.Store.Rows("app.c.b").ShouldBeEmpty();
        node.Report.Lost.ShouldBe(1);
        node.Logs.Texts(1105).Single().ShouldContain("app.c.b");
    }

    [Fact]
    public async Task Room_StoreStandsStill_HoldsTheConnectionUntilItGoesOn()
    {
        await using IngestNode node = await StartAsync("Ingest:MaxPendingRecords=10");
        node.Store.Block();

        var held = new List<Task>();
        for (int i = 1; held.Count < 3; i++)
        {
            ValueTask delivered = node.Bus.Deliver(TopicA, Message(i), number: i);
            if (!delivered.IsCompleted)
                held.Add(delivered.AsTask());
            i.ShouldBeLessThan(20);
        }

        node.Report.Pending.ShouldBe(12);
        held.ShouldAllBe(t => !t.IsCompleted);
        node.Store.Release();

        await Task.WhenAll(held).WaitAsync(IngestNode.Patience);
        await IngestNode.UntilAsync(() => node.Store.Rows("app.c.a").Count == 12, "records are missing");
    }

    [Fact]
    public async Task Room_LargePayloads_AreBoundedInBytesToo()
    {
        await using IngestNode node = await StartAsync("Ingest:MaxPendingBytes=100000");
        node.Store.Block();

        ValueTask small = node.Bus.Deliver(TopicA, Message(1), number: 1);
        ValueTask large = node.Bus.Deliver(TopicA, Message(2).TrimEnd('}') + ",\"note\":\"" + new string('x', 100_000) + "\"}", number: 2);

        small.IsCompleted.ShouldBeTrue();
        large.IsCompleted.ShouldBeFalse();
        node.Store.Release();
        await large.AsTask().WaitAsync(IngestNode.Patience);
    }

    [Fact]
    public async Task Stop_RecordsOnTheirWay_AreCommittedAndAcknowledged()
    {
        await using IngestNode node = await StartAsync("Ingest:CommitInterval=00:00:05", "Ingest:QuietInterval=00:00:05");
        await node.Bus.Deliver(TopicA, Message(1), number: 1);
        Task written = node.Writer.WriteAsync("w", [new FeedRecord(DateTimeOffset.UnixEpoch, new Dictionary<string, object?> { ["a"] = 1 })]).AsTask();
        await IngestNode.UntilAsync(() => node.Tail.Published.Count >= 2, "the tail got nothing");
        node.Bus.Acknowledged.ShouldNotContain(1);

        await node.StopAsync();

        node.Bus.Acknowledged.ShouldContain(1);
        await written;
        node.Store.Rows("w").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_DiskStaysFull_EndsWithoutAcknowledging()
    {
        await using IngestNode node = await StartAsync();
        for (int i = 0; i < 100; i++)
            node.Store.FailNextCommit(new IOException("No space left on device"));
        await node.Bus.Deliver(TopicA, Message(1), number: 1);
        Task written = node.Writer.WriteAsync("w", [new FeedRecord(DateTimeOffset.UnixEpoch, new Dictionary<string, object?> { ["a"] = 1 })]).AsTask();
        await IngestNode.UntilAsync(() => node.Report.Trouble is not null, "no trouble reported");

        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await node.StopAsync(deadline.Token);

        node.Bus.Acknowledged.ShouldNotContain(1);
        (await Should.ThrowAsync<IOException>(written)).Message.ShouldContain("not stored");
    }

    [Fact]
    public async Task Deliver_AfterTheStop_IsNotAcknowledged()
    {
        IngestNode node = await StartAsync();
        var handlers = node.Bus.Filters.Count;
        handlers.ShouldBeGreaterThan(0);
        var consumer = node.Get<Mlops.Databus.DatabusConsumer>();
        await node.StopAsync();
        bool acknowledged = false;

        await consumer.OnValue(new Messaging.BusMessage
        {
            Topic = TopicA,
            Payload = System.Text.Encoding.UTF8.GetBytes(Message(1)),
            Acknowledgement = new Messaging.BusAcknowledgement((_, _) => acknowledged = true, null, 0),
        });

        acknowledged.ShouldBeFalse();
        node.Store.Rows("app.c.a").ShouldBeEmpty();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Accept_ConnectionAnnouncesMoreThatNeverComes_IsTakenAllTheSame()
    {
        await using IngestNode node = await StartAsync();
        var consumer = node.Get<Mlops.Databus.DatabusConsumer>();
        int acknowledged = 0;

        for (int i = 1; i <= 100; i++)
        {
            await consumer.OnValue(new Messaging.BusMessage
            {
                Topic = TopicA,
                Payload = System.Text.Encoding.UTF8.GetBytes(Message(i)),
                MoreFollows = true,
                Acknowledgement = new Messaging.BusAcknowledgement((_, _) => Interlocked.Increment(ref acknowledged), null, 0),
            });
            if (i % 2 == 0)
                await IngestNode.UntilAsync(() => Volatile.Read(ref acknowledged) == i, "it was left lying");
        }
    }

    [Fact]
    public async Task Start_WithoutABus_TakesRecordsFromCode()
    {
        await using IngestNode node = await IngestNode.StartAsync(configure: s => s.RemoveAll<Messaging.IMessageBus>());

        await node.Writer.WriteAsync("f", [new FeedRecord(DateTimeOffset.UnixEpoch, new Dictionary<string, object?> { ["a"] = 1 })]);

        node.Store.Rows("f").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Reject_SameTopicAgain_WarnsOnce()
    {
        await using IngestNode node = await StartAsync();

        await node.SendAsync(TopicA, "oops");
        await node.SendAsync(TopicA, "again");

        node.Logs.Texts(1112).ShouldHaveSingleItem().ShouldContain(TopicA);
        node.Report.DeadLetters.ShouldBe(2);
        node.DeadLetters().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Tail_BatchPublished_CarriesTheArrivalOfItsBytes()
    {
        await using IngestNode node = await StartAsync();
        long before = System.Diagnostics.Stopwatch.GetTimestamp();

        await node.Bus.Deliver(TopicA, Message(1), number: 1);
        await IngestNode.UntilAsync(() => !node.Tail.Published.IsEmpty, "the tail got nothing");

        node.Tail.Published.First().Arrival.ShouldBeInRange(before, System.Diagnostics.Stopwatch.GetTimestamp());
    }

    private static string Message(int seq) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"seq":{{seq}},"mdHashVer":1,"vals":[{"id":"1","val":{{seq}}.5,"ts":"2026-01-01T00:00:00Z","qc":3}]}""");

    private static async Task<IngestNode> StartAsync(params string[] settings)
    {
        IngestNode node = await IngestNode.StartAsync(settings);
        ValueTask announced = node.Bus.Deliver("ie/m/j/simatic/v1/app/dp", Metadata, number: 999_999);
        await announced.AsTask().WaitAsync(IngestNode.Patience);
        await node.Bus.Deliver(TopicA, "{\"vals\":[]}", number: 999_998).AsTask().WaitAsync(IngestNode.Patience);
        await node.Bus.Deliver(TopicB, "{\"vals\":[]}", number: 999_998).AsTask().WaitAsync(IngestNode.Patience);
        return node;
    }
}
