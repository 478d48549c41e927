using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Databus.Publishing;
using Mlops.Messaging;
using Mlops.Tests.Ingest;

namespace Mlops.Tests.Databus.Publishing;

public sealed class DatabusAppTests : IAsyncDisposable
{
    private readonly TestBus _bus = new();
    private readonly ServiceProvider _services;
    private readonly DatabusApp _app;
    private readonly ConcurrentQueue<JsonElement> _metadata = new();
    private readonly ConcurrentQueue<string> _statuses = new();

    public DatabusAppTests()
    {
        _services = new ServiceCollection().AddSingleton<IMessageBus>(_bus).BuildServiceProvider();
        _app = new DatabusApp(Options.Create(new DatabusOptions { App = "mlops1" }), _services, TimeProvider.System, NullLogger<DatabusApp>.Instance);
        _bus.Subscribe("ie/m/j/simatic/v1/mlops1/dp", (in BusMessage message) => Remember(_metadata, Json(message)));
        _bus.Subscribe("ie/s/j/simatic/v1/mlops1/status", (in BusMessage message) => Remember(_statuses, Json(message).GetProperty("connector").GetProperty("status").GetString()!));
    }

    public async ValueTask DisposeAsync()
    {
        _app.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task AddAsync_ListsAndScalars_AreAnnouncedWithTheirTypes()
    {
        await _app.StartAsync(default);

        await _app.AddAsync("line", "answers", [new FeedField("label", FieldType.Text), new FeedField("scores", FieldType.Float64List)], [], default);

        JsonElement[] definitions = [.. _metadata.Last().GetProperty("connections")[0].GetProperty("dataPoints")[0].GetProperty("dataPointDefinitions").EnumerateArray()];
        definitions[0].GetProperty("dataType").GetString().ShouldBe("String");
        definitions[0].TryGetProperty("valueRank", out _).ShouldBeFalse();
        definitions[1].GetProperty("dataType").GetString().ShouldBe("LReal");
        definitions[1].GetProperty("valueRank").GetInt32().ShouldBe(1);
        definitions[1].GetProperty("arrayDimensions").GetRawText().ShouldBe("[0]");
    }

    [Theory]
    [InlineData("{\"Path\":\"\"}", true)]
    [InlineData("{\"Path\":\"mlops1\"}", true)]
    [InlineData("{\"Path\":\"mlops1/line/answers\"}", true)]
    [InlineData("{\"Path\":\"mlops10\"}", false)]
    [InlineData("{\"Path\":\"other\"}", false)]
    [InlineData("nonsense", false)]
    public async Task UpdateRequest_ForUs_IsAnsweredWithMetadataAndStatus(string request, bool answered)
    {
        await _app.StartAsync(default);
        _metadata.Clear();
        _statuses.Clear();

        await _bus.Deliver("ie/c/j/simatic/v1/updaterequest", request, number: 1);
        if (!answered)
            await _bus.Deliver("ie/c/j/simatic/v1/updaterequest", "{}", number: 2);

        await IngestNode.UntilAsync(() => _statuses.Count == 1, "no status came");
        _metadata.Count.ShouldBe(1);
        _statuses.ShouldBe(["available"]);
        _bus.Acknowledged.ShouldContain(1);
    }

    [Fact]
    public async Task Reconnection_AnnouncesAgainAndTheStopSaysGoodbye()
    {
        await _app.StartAsync(default);
        long first = _metadata.ShouldHaveSingleItem().GetProperty("seq").GetInt64();

        _bus.Raise(BusState.Connected);
        await IngestNode.UntilAsync(() => _statuses.Count == 2, "no second announcement");
        _metadata.Last().GetProperty("seq").GetInt64().ShouldBeGreaterThan(first);
        _metadata.Select(m => m.GetProperty("hashVersion").GetUInt32()).Distinct().Count().ShouldBe(1);
        await _app.StoppingAsync(default);

        _statuses.ShouldBe(["available", "available", "unavailable"]);
    }

    private static JsonElement Json(in BusMessage message) => JsonDocument.Parse(Encoding.UTF8.GetString(message.Payload)).RootElement;

    private static ValueTask Remember<T>(ConcurrentQueue<T> seen, T item)
    {
        seen.Enqueue(item);
        return ValueTask.CompletedTask;
    }
}
