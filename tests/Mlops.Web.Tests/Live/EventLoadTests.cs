using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Client;
using Mlops.Data;
using Mlops.Store;
using Mlops.Web.Live;

namespace Mlops.Web.Tests.Live;

public sealed class EventLoadTests
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Listen_ManyClientsOfAFastFeed_GetEveryRecordInOrderAndDoNotSlowIngest()
    {
        (int clients, int rate, int seconds) = IsSoak ? (200, 1000, 60) : (20, 200, 2);
        await using WebNode node = await WebNode.StartAsync();
        await node.Typed.Feeds.WriteAsync("press", SharedNode.Records(0));
        using var stop = new CancellationTokenSource(Patience);
        int total = rate * seconds;
        Task<(List<int> Values, int Dropped)>[] listening = [.. Enumerable.Range(0, clients).Select(_ => ListenAsync(node, total, stop.Token))];
        await WebNode.UntilAsync(() => Task.FromResult(node.Services.GetRequiredService<EventHub>().Count == clients));

        var watch = Stopwatch.StartNew();
        const int AtOnce = 10;
        for (int i = 0; i < total; i += AtOnce)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)i / rate) - watch.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            await node.Typed.Feeds.WriteAsync("press", SharedNode.Records([.. Enumerable.Range(i, AtOnce).Select(v => (double)v)]));
        }

        TimeSpan took = watch.Elapsed;
        foreach ((List<int> values, int dropped) in await Task.WhenAll(listening))
        {
            dropped.ShouldBe(0);
            values.ShouldBe(Enumerable.Range(0, total));
        }

        (await node.Typed.Feeds.GetAsync("press")).Records.ShouldBe(total + 1);
        if (IsSoak)
            took.ShouldBeLessThan(TimeSpan.FromSeconds(seconds * 1.05));
    }

    [Fact]
    public async Task Listen_ClientThatReadsNothing_HoldsUpNobodyAndIsToldWhatItMissed()
    {
        await using WebNode node = await WebNode.StartAsync(settings: [("Mlops:Web:EventQueue", "4")]);
        await node.Typed.Feeds.WriteAsync("pages", Page("first"));
        using var slow = new TcpClient("127.0.0.1", node.Address.Port);
        NetworkStream stream = slow.GetStream();
        await stream.WriteAsync("GET /api/v1/events?feeds=pages HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await WebNode.UntilAsync(() => Task.FromResult(node.Services.GetRequiredService<EventHub>().Count == 1));
        EventHub hub = node.Services.GetRequiredService<EventHub>();

        // Far more than sockets and queue hold.
        string text = new('x', 200_000);
        for (int i = 0; i < 100; i++)
            await node.Typed.Feeds.WriteAsync("pages", Page(text));
        await WebNode.UntilAsync(async () =>
        {
            await node.Typed.Feeds.WriteAsync("pages", Page(text));
            return hub.Missed > 0;
        });

        using var patience = new CancellationTokenSource(Patience);
        var seen = new StringBuilder();
        byte[] buffer = new byte[1 << 20];
        while (!seen.ToString().Contains("event: dropped", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, patience.Token);
            read.ShouldBeGreaterThan(0);
            // What was written with the text is of no interest.
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read).Replace("x", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Listen_MoreOftenThanOneMay_Is429ForThisOneAlone()
    {
        await using WebNode node = await WebNode.StartAsync(settings: [("Mlops:Web:ApiToken", "t0ken"), ("Mlops:Web:MaxEventClientsPerUser", "2"), ("Mlops:Web:MaxEventClients", "10")]);
        string other = (await new MlopsClient(node.Client("t0ken")).Access.CreateTokenAsync(new TokenStart("other", "viewer"))).Token;
        var open = new List<HttpResponseMessage>();
        async Task<int> OpenAsync(string token)
        {
            HttpResponseMessage response = await node.Client(token).GetAsync("api/v1/events?topics=*", HttpCompletionOption.ResponseHeadersRead);
            open.Add(response);
            return (int)response.StatusCode;
        }

        int[] flood = [await OpenAsync("t0ken"), await OpenAsync("t0ken"), await OpenAsync("t0ken"), await OpenAsync("t0ken")];

        flood.ShouldBe([200, 200, 429, 429]);
        (await open[2].Content.ReadAsStringAsync()).ShouldContain("MaxEventClientsPerUser");
        open[2].Headers.RetryAfter.ShouldNotBeNull();
        (await OpenAsync(other)).ShouldBe(200);
        open.ForEach(r => r.Dispose());
        await WebNode.UntilAsync(() => Task.FromResult(node.Services.GetRequiredService<EventHub>().Count == 0));
    }

    [Fact]
    public async Task Listen_WithATokenThatIsRemoved_EndsAtTheNextSignOfLife()
    {
        await using WebNode node = await WebNode.StartAsync(settings: [("Mlops:Web:ApiToken", "t0ken")]);
        var admin = new MlopsClient(node.Client("t0ken"));
        TokenCreated token = await admin.Access.CreateTokenAsync(new TokenStart("dashboard", "viewer"));
        using HttpResponseMessage stream = await node.Client(token.Token).GetAsync("api/v1/events?topics=*", HttpCompletionOption.ResponseHeadersRead);
        EventHub hub = node.Services.GetRequiredService<EventHub>();
        hub.Beat();
        hub.Count.ShouldBe(1);

        await admin.Access.DeleteTokenAsync(token.Details.Id);
        hub.Beat();

        (await stream.Content.ReadAsStringAsync()).ShouldContain("still here");
        await WebNode.UntilAsync(() => Task.FromResult(hub.Count == 0));
    }

    [Fact]
    public async Task LiveFeed_BatchesInQuickSuccession_GoTogether()
    {
        const int Batches = 1000;
        var client = new EventClient("x", 10_000, new HashSet<string>(), false);
        using var feed = new LiveFeed("press", null, new Source(Batches), NullLogger.Instance);
        feed.Add(client);
        feed.Start();

        var frames = new List<string>();
        await WebNode.UntilAsync(() =>
        {
            while (client.TryRead(out ReadOnlyMemory<byte> frame))
                frames.Add(Encoding.UTF8.GetString(frame.Span));
            return Task.FromResult(frames.Sum(f => Rows(f).Count) == Batches);
        });

        frames.Count.ShouldBeLessThan(Batches / 2);
        frames.SelectMany(Rows).Select(r => r!["values"]!["x"]!.GetValue<double>()).ShouldBe(Enumerable.Range(0, Batches).Select(v => (double)v));
        frames[^1].ShouldEndWith($"\nid: {Batches}\n\n");
    }

    private static JsonArray Rows(string frame) => JsonNode.Parse(frame.Split('\n').Single(l => l.StartsWith("data: ", StringComparison.Ordinal))[6..])!["records"]!.AsArray();

    private static RecordsBody Page(string text) => new([new JsonObject { ["timestamp"] = "2026-01-01T00:00:00Z", ["text"] = text }]);

    private static async Task<(List<int> Values, int Dropped)> ListenAsync(WebNode node, int total, CancellationToken stop)
    {
        using var client = new MlopsClient(node.Client());
        (List<int> values, int dropped) = ([], 0);
        await foreach (NodeEvent happened in client.ListenAsync("press", cancellationToken: stop))
        {
            if (happened.Name == "records")
                values.AddRange(JsonNode.Parse(happened.Data)!["records"]!.AsArray().Select(r => (int)r!["values"]!["x"]!.GetValue<double>()));
            else if (happened.Name == "dropped")
                dropped += JsonNode.Parse(happened.Data)!["count"]!.GetValue<int>();
            if (values.Count + dropped >= total)
                break;
        }

        return (values, dropped);
    }

    /// <summary>A feed whose batches of one record are all there.</summary>
    private sealed class Source(int batches) : IFeedReader
    {
        private readonly FeedSchema _schema = new("press", [new FeedField("x", FieldType.Float64)]);

        public IReadOnlyList<FeedInfo> List() => [];

        public FeedSchema? Find(string feed) => _schema;

        public IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<RecordBatch> FollowAsync(string feed, long? afterPosition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int i = 0; i < batches; i++)
            {
                var builder = new RecordBatchBuilder(_schema, 1);
                builder.BeginRow(0);
                builder.SetFloat64(0, i);
                builder.EndRow();
                yield return builder.Build(i + 1);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public ValueTask WaitCommittedAsync(string feed, long position, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
