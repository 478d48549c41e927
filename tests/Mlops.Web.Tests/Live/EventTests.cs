using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Web.Live;

namespace Mlops.Web.Tests.Live;

public sealed class EventTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private WebNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await WebNode.StartAsync(settings: [("Mlops:Web:MaxEventClients", "3")]);
        await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1));
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Listen_ToAFeed_GetsEachRecordOnceInOrder()
    {
        using var stop = new CancellationTokenSource(Patience);
        var seen = new List<double>();
        Task listening = ListenAsync("press", e =>
        {
            if (e.Name == "records")
                seen.AddRange(JsonNode.Parse(e.Data)!["records"]!.AsArray().Select(r => r!["values"]!["x"]!.GetValue<double>()));
            return seen.Count >= 500;
        }, stop.Token);
        await ListenersAsync(1);

        for (int i = 0; i < 50; i++)
            await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records([.. Enumerable.Range(i * 10, 10).Select(v => (double)v)]));
        await listening;

        seen.ShouldBe(Enumerable.Range(0, 500).Select(v => (double)v));
    }

    [Fact]
    public async Task Listen_WithoutParameters_GetsFeedsThatComeAndStates()
    {
        using var stop = new CancellationTokenSource(Patience);
        var names = new HashSet<string>();
        Task listening = ListenAsync(null, e =>
        {
            names.Add(e.Name == "records" ? JsonNode.Parse(e.Data)!["feed"]!.GetValue<string>() : e.Name);
            return names.IsSupersetOf(["later", "labels", "training"]);
        }, stop.Token);
        await ListenersAsync(1);
        await _node.Typed.Workflows.UploadAsync(DoublingPackage.Zip());

        await _node.Typed.Trainings.StartAsync(new TrainingStart("double", Feed: "press"));
        while (!listening.IsCompleted)
        {
            // A feed is followed from the moment in which the hub has seen it.
            await _node.Typed.Feeds.WriteAsync("later", SharedNode.Records(1));
            await _node.Typed.Feeds.AddLabelsAsync("press", new LabelsBody([new LabelBody("s", JsonSerializer.SerializeToElement("a"), new RecordSource(Row: 1))]));
            await Task.WhenAny(listening, Task.Delay(200));
        }

        await listening;
    }

    [Fact]
    public async Task Listen_MoreClientsThanMay_Is503UntilOneLeaves()
    {
        using var stop = new CancellationTokenSource(Patience);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        Task[] clients = [.. Enumerable.Range(0, 3).Select(_ => ListenAsync("press", _ => false, leaving.Token))];
        await ListenersAsync(3);

        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => ListenAsync("press", _ => true, stop.Token));
        await leaving.CancelAsync();
        await Task.WhenAll(clients.Select(c => c.ContinueWith(_ => { }, TaskScheduler.Default)));
        await ListenersAsync(0);

        refused.Status.ShouldBe(503);
    }

    [Fact]
    public void Send_ToAClientThatReadsNothing_KeepsTheNewestAndNeverWaits()
    {
        var client = new EventClient("x", 4, new HashSet<string>(), false);

        for (int i = 0; i < 100_000; i++)
            client.Send(EventFrame.Heartbeat);

        client.Dropped.ShouldBe(100_000 - 4);
    }

    [Fact]
    public async Task Listen_ToWhatIsNotThere_Is404Or400()
    {
        (await Should.ThrowAsync<MlopsException>(() => ListenAsync("none", _ => true, CancellationToken.None))).Status.ShouldBe(404);
        using HttpResponseMessage topic = await _node.Http.GetAsync("api/v1/events?topics=none");
        ((int)topic.StatusCode).ShouldBe(400);
    }

    private async Task ListenAsync(string? feeds, Func<NodeEvent, bool> isLast, CancellationToken stop)
    {
        await foreach (NodeEvent happened in _node.Typed.ListenAsync(feeds, cancellationToken: stop))
        {
            if (isLast(happened))
                return;
        }
    }

    private Task ListenersAsync(int count) => WebNode.UntilAsync(() => Task.FromResult(_node.Services.GetRequiredService<EventHub>().Count == count));
}
