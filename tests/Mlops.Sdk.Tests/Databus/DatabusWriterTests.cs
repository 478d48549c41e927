using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Mlops.Databus;
using Mlops.Messaging;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusWriterTests
{
    private const string WriteTopic = "ie/d/j/simatic/v1/aoi1/dp/w/Line4";
    private readonly ConcurrentQueue<JsonElement> _written = new();

    [Fact]
    public async Task WriteAsync_WritablePoint_GoesToTheAnnouncedTopic()
    {
        await using IngestNode node = await StartAsync();

        DatabusWriteResult result = await node.Get<IDatabusWriter>().WriteAsync(Feed, new Dictionary<string, object?> { ["Verdict"] = "pseudo-error" });

        result.ShouldBe(new DatabusWriteResult(WriteTopic, null, null));
        JsonElement message = _written.ShouldHaveSingleItem();
        message.GetProperty("seq").GetInt64().ShouldBe(1);
        message.GetProperty("mdHashVer").GetInt64().ShouldBe(7);
        message.TryGetProperty("requestId", out _).ShouldBeFalse();
        JsonElement value = message.GetProperty("vals")[0];
        value.GetProperty("id").GetString().ShouldBe("v1");
        value.GetProperty("val").GetString().ShouldBe("pseudo-error");
    }

    [Fact]
    public async Task WriteAsync_AnswerAskedFor_ReturnsItOrTheEndOfTheTime()
    {
        await using IngestNode node = await StartAsync();
        var writer = node.Get<IDatabusWriter>();
        var values = new Dictionary<string, object?> { ["Verdict"] = "ok" };

        DatabusWriteResult silent = await writer.WriteAsync(Feed, values, TimeSpan.FromMilliseconds(20));
        silent.Answer.ShouldBeNull();
        silent.RequestId.ShouldNotBeNull();

        Task<DatabusWriteResult> asking = writer.WriteAsync(Feed, values, IngestNode.Patience).AsTask();
        await IngestNode.UntilAsync(() => _written.Count == 2, "nothing was written");
        string id = _written.Last().GetProperty("requestId").GetString()!;
        const string AnswerTopic = "ie/d/j/simatic/v1/aoi1/dp/wr/resp/Line4/paste";
        await node.Bus.Deliver(AnswerTopic, "not json", 1);
        await node.Bus.Deliver(AnswerTopic, """{"requestId":"w-other"}""", 2);
        await node.Bus.Deliver(AnswerTopic, $$"""{"requestId":"{{id}}","code":0}""", 3);
        (await asking).Answer.ShouldBe($$"""{"requestId":"{{id}}","code":0}""");
        node.Bus.Acknowledged.Where(n => n < 1_000_000).ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData("nowhere.at.all", "Verdict", "x", "No app on the databus announces the feed 'nowhere.at.all'")]
    [InlineData(SeriesFeed, "Temp", 1.0, "announces no pubTopic")]
    [InlineData(Feed, "Pad.Height", 1.0, "cannot be written: its app announces it as 'r'")]
    [InlineData(Feed, "Speed", 1.0, "has no data point 'Speed'")]
    [InlineData(Feed, "Verdict", 5, "The value '5' (Int32) does not fit the data point 'Verdict'")]
    public async Task WriteAsync_WhatCannotBe_IsRefusedByName(string feed, string point, object value, string reason)
    {
        await using IngestNode node = await StartAsync();

        var error = await Should.ThrowAsync<ArgumentException>(async () => await node.Get<IDatabusWriter>().WriteAsync(feed, new Dictionary<string, object?> { [point] = value }));

        error.Message.ShouldContain(reason);
        _written.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Bool", true, "true")]
    [InlineData("DInt", -5, "-5")]
    [InlineData("LInt", long.MinValue, "\"-9223372036854775808\"")]
    [InlineData("ULInt", ulong.MaxValue, "\"18446744073709551615\"")]
    [InlineData("Real", 1.5, "1.5")]
    [InlineData("Real", double.NaN, "\"NaN\"")]
    [InlineData("Time", 1_500_000_000L, "1500")]
    [InlineData("LTime", 1_500L, "\"1500\"")]
    [InlineData("Int", new[] { 1, 2 }, "[1,2]")]
    public async Task WriteAsync_OfEachType_IsWrittenAsTheDatabusHasIt(string dataType, object value, string json)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        node.Bus.Subscribe(WriteTopic, Remember);
        await node.SendAsync(MetadataTopic, MetadataOf(dataType, value is Array ? 1 : -1)
            .Replace("\"dataPointDefinitions\"", $"\"pubTopic\":\"{WriteTopic}\",\"dataPointDefinitions\"", StringComparison.Ordinal)
            .Replace("\"id\"", "\"accessMode\":\"rw\",\"id\"", StringComparison.Ordinal));

        await node.Get<IDatabusWriter>().WriteAsync(Feed, new Dictionary<string, object?> { ["p"] = value });

        _written.ShouldHaveSingleItem().GetProperty("vals")[0].GetProperty("val").GetRawText().ShouldBe(json);
    }

    [Fact]
    public async Task RequestUpdateAsync_Path_IsPublished()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        node.Bus.Subscribe("ie/c/j/simatic/v1/updaterequest", Remember);

        await node.Get<IDatabusWriter>().RequestUpdateAsync("aoi1/Line4");

        _written.ShouldHaveSingleItem().GetProperty("Path").GetString().ShouldBe("aoi1/Line4");
    }

    private async Task<IngestNode> StartAsync()
    {
        IngestNode node = await IngestNode.StartAsync();
        node.Bus.Subscribe(WriteTopic, Remember);
        await node.SendAsync(MetadataTopic, Metadata());
        return node;
    }

    private ValueTask Remember(in BusMessage message)
    {
        _written.Enqueue(JsonDocument.Parse(Encoding.UTF8.GetString(message.Payload)).RootElement);
        return ValueTask.CompletedTask;
    }
}
