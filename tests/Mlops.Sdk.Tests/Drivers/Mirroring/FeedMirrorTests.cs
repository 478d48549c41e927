using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Mlops.Data;
using Mlops.Drivers;
using Mlops.Messaging;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers.Mirroring;

public sealed class FeedMirrorTests : IDisposable
{
    private const string Topic = "ie/d/j/simatic/v1/node1/dp/r/press/values";
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDriverFactory _factory = new();
    private readonly Channel<long> _numbers = Channel.CreateUnbounded<long>();

    public FeedMirrorTests() => _factory.Scripts["press"] = async (sink, _, stop) =>
    {
        FeedSchema schema = await sink.DeclareAsync("values", [new FeedField("n", FieldType.Int64), new FeedField("t", FieldType.Float64)], stop);
        sink.Report(DriverState.Connected);
        await foreach (long n in _numbers.Reader.ReadAllAsync(stop))
        {
            var builder = new RecordBatchBuilder(schema);
            builder.BeginRow(n * 1_000_000_000, sequence: n);
            builder.SetInt64(0, n);
            builder.EndRow();
            using RecordBatch batch = builder.Build();
            await sink.WriteAsync(batch, stop);
        }
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Mirror_OfAnAsset_PublishesItsRecordsInOrderAsDatabus()
    {
        await using DriverNode node = await StartAsync("Assets:press:Mirror=true");
        (ConcurrentQueue<JsonNode> values, ConcurrentQueue<JsonNode> metadata) = Listen(node);
        await WriteAsync(node, 1, 20);
        await Eventually.IsTrueAsync(() => values.Count >= 20, "not everything was published");

        Numbers(values).ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        JsonNode first = values.First();
        first["ts"]!.GetValue<string>().ShouldBe("1970-01-01T00:00:01.0000000Z");
        first["source"]!["feed"]!.GetValue<string>().ShouldBe("scripted.press.values");
        first["mdHashVer"]!.ToJsonString().ShouldBe(metadata.Last()["hashVersion"]!.ToJsonString());
        JsonNode collection = metadata.Last()["connections"]![0]!["dataPoints"]![0]!;
        collection["topic"]!.GetValue<string>().ShouldBe(Topic);
        collection["dataPointDefinitions"]!.AsArray().Select(d => d!["name"]!.GetValue<string>()).ShouldBe(["n", "t"]);
    }

    [Fact]
    public async Task Mirror_AfterARestart_GoesOnWhereItWasAndRepeatsNothingThatWasConfirmed()
    {
        await using (DriverNode node = await StartAsync("Assets:press:Mirror=true"))
        {
            (ConcurrentQueue<JsonNode> values, _) = Listen(node);
            await WriteAsync(node, 1, 5);
            await Eventually.IsTrueAsync(() => values.Count >= 5, "not everything was published");
        }

        await using DriverNode again = await StartAsync();
        (ConcurrentQueue<JsonNode> later, _) = Listen(again);
        await WriteAsync(again, 6, 8);
        await Eventually.IsTrueAsync(() => later.Count >= 3, "not everything was published");
        Numbers(later).ShouldBe([6L, 7L, 8L]);
    }

    [Fact]
    public async Task Mirror_SwitchedOnLater_BeginsWithWhatComesThen()
    {
        await using DriverNode node = await StartAsync();
        (ConcurrentQueue<JsonNode> values, _) = Listen(node);
        await WriteAsync(node, 1, 5);
        await node.Catalog.PutAsync("press", new AssetChange("scripted", new JsonObject { ["address"] = "x" }) { Mirror = true });
        await node.UntilAsync("press", DriverState.Connected);
        await WriteAsync(node, 6, 7);
        await Eventually.IsTrueAsync(() => values.Count >= 2, "not everything was published");
        Numbers(values).ShouldBe([6L, 7L]);
    }

    private Task<DriverNode> StartAsync(params string[] settings) =>
        DriverNode.StartAsync(_folder, [.. settings, "Assets:press:Kind=scripted", "Assets:press:Settings:Address=x"], _factory);

    private async Task WriteAsync(DriverNode node, long first, long last)
    {
        for (long n = first; n <= last; n++)
            await _numbers.Writer.WriteAsync(n);
        await node.UntilRowsAsync("scripted.press.values", (int)last);
    }

    private static IEnumerable<long> Numbers(IEnumerable<JsonNode> values) => values.Select(v => long.Parse(v["vals"]![0]!["val"]!.GetValue<string>(), null));

    private static (ConcurrentQueue<JsonNode> Values, ConcurrentQueue<JsonNode> Metadata) Listen(DriverNode node)
    {
        var values = new ConcurrentQueue<JsonNode>();
        var metadata = new ConcurrentQueue<JsonNode>();
        node.Bus.Subscribe(Topic, (in BusMessage message) =>
        {
            values.Enqueue(JsonNode.Parse(message.Payload)!);
            return ValueTask.CompletedTask;
        });
        node.Bus.Subscribe("ie/m/j/simatic/v1/node1/dp", (in BusMessage message) =>
        {
            metadata.Enqueue(JsonNode.Parse(message.Payload)!);
            return ValueTask.CompletedTask;
        });
        return (values, metadata);
    }
}
