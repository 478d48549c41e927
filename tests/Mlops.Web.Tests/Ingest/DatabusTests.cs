using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Messaging;

namespace Mlops.Web.Tests.Ingest;

public sealed class DatabusTests : IAsyncLifetime
{
    private const string Feed = "press1.plc.cycle";
    private const string Metadata = """
        {"hashVersion":1,"connections":[{"name":"plc","type":"S7","dataPoints":[{"name":"cycle","topic":"ie/d/j/simatic/v1/press1/dp/r/plc/cycle","pubTopic":"ie/d/j/simatic/v1/press1/dp/w/plc","publishType":"bulk",
        "dataPointDefinitions":[{"name":"force","id":"1","dataType":"LReal"},{"name":"limit","id":"2","dataType":"LReal","accessMode":"rw"}]}]}]}
        """;

    private WebNode _node = null!;

    public async Task InitializeAsync() => _node = await WebNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Databus_AppThatAnnouncesItself_IsListedAndItsValuesCanBeWritten()
    {
        var written = new ConcurrentQueue<string>();
        var bus = _node.Services.GetRequiredService<IMessageBus>();
        using IDisposable listening = bus.Subscribe("ie/d/j/simatic/v1/press1/dp/w/#", (in BusMessage message) =>
        {
            written.Enqueue(Encoding.UTF8.GetString(message.Payload));
            message.Acknowledgement.Complete();
            return ValueTask.CompletedTask;
        });
        await bus.PublishAsync("ie/m/j/simatic/v1/press1/dp", Encoding.UTF8.GetBytes(Metadata), retain: true);
        await WebNode.UntilAsync(async () => (await _node.Typed.Databus.ListFeedsAsync()).Count == 1);

        DatabusWritten answer = await _node.Typed.Databus.WriteAsync(Feed, new DatabusWrite(new JsonObject { ["limit"] = 12.5 }));

        answer.Topic.ShouldBe("ie/d/j/simatic/v1/press1/dp/w/plc");
        await WebNode.UntilAsync(() => Task.FromResult(!written.IsEmpty));
        written.ShouldHaveSingleItem().ShouldContain("12.5");
        (await _node.Typed.Databus.ListFeedsAsync()).Single().Writable.ShouldBe(["limit"]);
        (await _node.Typed.Databus.ListAppsAsync()).Single(a => a.Name == "press1").Feeds.ShouldBe([Feed]);
        await _node.Typed.Databus.RequestUpdateAsync("press1");
    }

    [Theory]
    [InlineData("nowhere", """{"values":{"a":1}}""", 404)]
    [InlineData(Feed, """{"values":{}}""", 400)]
    [InlineData(Feed, """{"values":{"force":1}}""", 400)]
    [InlineData(Feed, """{"values":{"limit":"much"}}""", 400)]
    [InlineData(Feed, """{"values":{"limit":{}}}""", 400)]
    [InlineData(Feed, """{"values":{"limit":1},"answerWithin":"2h"}""", 400)]
    public async Task WriteDatabus_WhatCannotBe_IsAProblem(string feed, string body, int status)
    {
        var bus = _node.Services.GetRequiredService<IMessageBus>();
        await bus.PublishAsync("ie/m/j/simatic/v1/press1/dp", Encoding.UTF8.GetBytes(Metadata), retain: true);
        await WebNode.UntilAsync(async () => (await _node.Typed.Databus.ListFeedsAsync()).Count == 1);

        using HttpResponseMessage response = await _node.Http.PostAsync($"api/v1/databus/feeds/{feed}/values", WebNode.Json(body));

        ((int)response.StatusCode).ShouldBe(status);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["remedy"]!.GetValue<string>().ShouldNotBeEmpty();
    }
}
