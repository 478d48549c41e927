using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Drivers.OpcUa.Tests.Peers;
using Mlops.Ingest;
using Mlops.Store;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>The driver in a whole node, with its catalog and store.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private NodeOpcUaServer _server = null!;
    private IHost _node = null!;

    public async Task InitializeAsync()
    {
        _server = await NodeOpcUaServer.StartAsync(new { nodes = 4, interval = 0, machine = true });
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", Path.Combine(_server.Folder, "node")), new("Mlops:Node:Name", "node1")]);
        builder.Services.AddLogging();
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddDrivers().AddOpcUa();
        _node = builder.Build();
        await _node.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _node.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Put_OtherNodes_KeepsSessionAndItemsOfThoseThatStay()
    {
        await PutAsync(new { nodes = new[] { "ns=1;s=N0", "ns=1;s=N1" } });
        await UntilAsync("opcua.press.values", rows => rows.Count > 0);
        ServerItem stays = (await _server.ItemsAsync()).Single(i => i.Node == "N1");

        await PutAsync(new { nodes = new[] { "ns=1;s=N1", "ns=1;s=N2" } });
        await _server.SetAsync("N2", "Double", 5);
        await UntilAsync("opcua.press.values", rows => Equals(rows[^1].GetValueOrDefault("N2"), 5.0));

        IReadOnlyList<ServerItem> after = await _server.ItemsAsync();
        after.Select(i => i.Node).Order().ShouldBe(["N1", "N2"]);
        after.ShouldContain(stays);
    }

    [Fact]
    public async Task WriteBack_NewPredictions_ReachTheNodeOnceEachAndAreAudited()
    {
        await PutAsync(new
        {
            nodes = new[] { "ns=1;s=N0", "ns=1;s=Trigger" },
            writeBack = new object[]
            {
                new { feed = "app.quality.answers", field = "score", node = "N0", interval = "00:00:00.010" },
                new { feed = "app.quality.answers", field = "label", node = "Trigger", interval = "00:00:00.010" },
            },
        });
        await UntilAsync("opcua.press.values", rows => rows.Count > 0);

        await PredictAsync(0.25, "1");
        await UntilAsync("opcua.press.values", rows => rows.Any(r => Equals(r["N0"], 0.25) && Equals(r["Trigger"], 1L)));
        await PredictAsync(0.25, "none");

        List<Dictionary<string, object?>> writes = await UntilAsync("opcua.press.writes", rows => rows.Count >= 3);
        writes.Select(w => (w["node"], w["value"], w["source_field"])).Take(2).ShouldBe([("N0", "0.25", "score"), ("Trigger", "1", "label")], ignoreOrder: true);
        writes.Take(2).ShouldAllBe(w => w["error"] == null && Equals(w["source_feed"], "app.quality.answers") && (long)w["source_row"]! > 0);
        // The same score is not written again; the new label does not fit.
        writes[2]["source_field"].ShouldBe("label");
        ((string)writes[2]["error"]!).ShouldContain("'none' is no Int32");
    }

    [Fact]
    public async Task WriteBack_MoreOftenThanTheInterval_WritesTheNewestAndLeavesOthersOut()
    {
        await PutAsync(new
        {
            nodes = new[] { "ns=1;s=N0" },
            writeBack = new object[] { new { feed = "app.quality.answers", field = "score", node = "N0", interval = "00:00:01" } },
        });
        await UntilAsync("opcua.press.values", rows => rows.Count > 0);

        for (int i = 1; i <= 20; i++)
            await PredictAsync(i, "x");
        await UntilAsync("opcua.press.writes", rows => rows.Any(r => Equals(r["value"], "20")));

        (await RowsAsync("opcua.press.writes")).Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task WriteBack_PredictionOlderThanItMayBe_IsNeverWritten()
    {
        await PutAsync(new
        {
            nodes = new[] { "ns=1;s=N0" },
            writeBack = new object[] { new { feed = "app.quality.answers", field = "score", node = "N0", interval = "00:00:00.010", maxAge = "00:00:00.500" } },
        });
        await UntilAsync("opcua.press.values", rows => rows.Count > 0);
        await _server.KillAsync();
        await PredictAsync(1, "x");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await _server.StartAgainAsync();
        List<Dictionary<string, object?>> before = await RowsAsync("opcua.press.values");
        await UntilAsync("opcua.press.values", rows => rows.Count > before.Count);

        List<Dictionary<string, object?>> writes = [];
        for (int i = 2; writes.Count == 0 && i < 900; i++)
        {
            await PredictAsync(i, "x");
            await Task.Delay(100);
            writes = await RowsAsync("opcua.press.writes");
        }

        writes.ShouldNotBeEmpty();
        // A write that was tried while the server was gone is told with its error; the old value never arrives.
        writes.ShouldNotContain(w => Equals(w["value"], "1") && w["error"] == null);
    }

    private async Task PutAsync(object settings)
    {
        JsonObject all = System.Text.Json.JsonSerializer.SerializeToNode(settings)!.AsObject();
        all["endpoint"] = _server.Endpoint;
        await _node.Services.GetRequiredService<IAssetCatalog>().PutAsync("press", new AssetChange("opcua", all));
    }

    private async Task PredictAsync(double score, string label) => await _node.Services.GetRequiredService<IFeedWriter>().WriteAsync(
        "app.quality.answers", [new FeedRecord(DateTimeOffset.UtcNow, new Dictionary<string, object?> { ["score"] = score, ["label"] = label })]);

    private async Task<List<Dictionary<string, object?>>> UntilAsync(string feed, Func<List<Dictionary<string, object?>>, bool> condition)
    {
        List<Dictionary<string, object?>> rows = [];
        for (int i = 0; i < 4_000; i++)
        {
            rows = await RowsAsync(feed);
            if (rows.Count > 0 && condition(rows))
                return rows;
            await Task.Delay(20);
        }

        AssetInfo? asset = _node.Services.GetRequiredService<IAssets>().Find("press");
        throw new ShouldAssertException($"{feed} has {rows.Count} records, the last {string.Join(", ", rows.LastOrDefault() ?? [])}. {asset?.State} {asset?.Reason}");
    }

    private async Task<List<Dictionary<string, object?>>> RowsAsync(string feed)
    {
        var rows = new List<Dictionary<string, object?>>();
        var store = _node.Services.GetRequiredService<IFeedStore>();
        if (store.Find(feed) is null)
            return rows;
        await foreach (RecordBatch batch in store.ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                    rows.Add(batch.Schema.Fields.Select((f, i) => (f.Name, Value: batch.Column(i).GetValue(row))).ToDictionary(v => v.Name, v => v.Value));
            }
        }

        return rows;
    }
}
