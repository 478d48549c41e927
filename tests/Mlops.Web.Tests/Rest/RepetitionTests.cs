using System.Net;
using System.Text.Json.Nodes;

namespace Mlops.Web.Tests.Rest;

public sealed class RepetitionTests : IAsyncLifetime
{
    private WebNode _node = null!;

    public async Task InitializeAsync() => _node = await WebNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Post_SentTwiceUnderOneKey_IsDoneOnceAndAnsweredTheSame()
    {
        using HttpResponseMessage first = await PostAsync("k1", 1);
        using HttpResponseMessage second = await PostAsync("k1", 1);

        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        second.StatusCode.ShouldBe(first.StatusCode);
        second.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        (await _node.Typed.Feeds.GetAsync("press")).Records.ShouldBe(1);
    }

    [Fact]
    public async Task Post_OtherRequestUnderTheSameKey_Is409()
    {
        using HttpResponseMessage first = await PostAsync("k1", 1);

        using HttpResponseMessage second = await PostAsync("k1", 2);

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _node.Typed.Feeds.GetAsync("press")).Records.ShouldBe(1);
    }

    [Fact]
    public async Task Post_TenAtOnceUnderOneKey_IsDoneOnce()
    {
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync("k1", 1)));

        responses.ShouldAllBe(r => r.StatusCode == HttpStatusCode.OK || r.StatusCode == HttpStatusCode.Conflict);
        responses.Count(r => r.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThan(0);
        (await _node.Typed.Feeds.GetAsync("press")).Records.ShouldBe(1);
    }

    [Fact]
    public async Task Post_RepeatedAfterARestart_IsStillDoneOnce()
    {
        (await PostAsync("k1", 1)).Dispose();
        string folder = _node.Folder;
        await _node.StopAsync();
        _node = await WebNode.StartAsync(folder: folder);

        using HttpResponseMessage repeated = await PostAsync("k1", 1);

        repeated.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        (await _node.Typed.Feeds.GetAsync("press")).Records.ShouldBe(1);
    }

    [Fact]
    public async Task List_ByPages_IsABareArrayWithTheRestInHeaders()
    {
        for (int i = 0; i < 5; i++)
            await _node.Typed.Feeds.WriteAsync($"feed{i}", SharedNode.Records(1));

        using HttpResponseMessage page = await _node.Http.GetAsync("api/v1/feeds?limit=2&offset=2&search=feed");

        JsonNode.Parse(await page.Content.ReadAsStringAsync())!.AsArray().Select(f => f!["id"]!.GetValue<string>()).ShouldBe(["feed2", "feed3"]);
        page.Headers.GetValues("X-Total-Count").ShouldBe(["5"]);
        string next = page.Headers.GetValues("Link").Single();
        next.ShouldContain("rel=\"next\"");
        using HttpResponseMessage last = await _node.Http.GetAsync(next[1..next.IndexOf('>', StringComparison.Ordinal)]);
        JsonNode.Parse(await last.Content.ReadAsStringAsync())!.AsArray().Count.ShouldBe(1);
        last.Headers.Contains("Link").ShouldBeFalse();
    }

    private async Task<HttpResponseMessage> PostAsync(string key, int value)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/feeds/press/records")
        {
            Content = WebNode.Json("{\"records\":[{\"timestamp\":\"2024-01-01T00:00:00Z\",\"x\":" + value + ".5}]}"),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await _node.Http.SendAsync(request);
    }
}
