using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests.Plant;

/// <summary>A node with the data of a plant, for tests that look and change nothing.</summary>
public sealed class FilledPlant : IAsyncLifetime
{
    public const string Oven = "oven-3.reflow";
    public const string Press = "press-4";

    internal PlantNode Node { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Node = await PlantNode.StartAsync();
        await Node.Client.Feeds.ImportCsvAsync(Oven, Reflow());
        DateTimeOffset start = DateTimeOffset.Parse("2024-05-01T06:00:00Z", CultureInfo.InvariantCulture);
        await Node.Client.Feeds.AddLabelsAsync(Oven, new LabelsBody(
        [
            .. new[] { (10, 25, "good"), (40, 48, "too hot"), (70, 95, "good") }.Select(l =>
                new LabelBody("quality", System.Text.Json.JsonSerializer.SerializeToElement(l.Item3), From: start.AddMinutes(l.Item1), To: start.AddMinutes(l.Item2), Author: "ann")),
        ]));
        await Node.Client.Assets.PutAsync(Press, new AssetBody("press", new JsonObject { ["address"] = "10.0.4.17", ["nodes"] = new JsonArray("ns=2;s=Pressure") }));
        await Node.Client.Assets.PutAsync("saw-1", new AssetBody("opcua", new JsonObject { ["endpoint"] = "opc.tcp://127.0.0.1:9", ["nodes"] = new JsonArray("ns=2;s=Speed") }));
        await Node.Client.Ingest.AddMappingAsync(new Mapping("hall/+/climate", "hall.climate", Fields: [new MappingField("temperature", "temperature", Unit: "°C"), new MappingField("humidity", "humidity", Unit: "%")]));
        for (int i = 0; i < 20; i++)
            await Node.PublishAsync("hall/2/climate", $$"""{"timestamp":"{{start.AddSeconds(i):O}}","temperature":{{21 + (i % 3)}},"humidity":48.5}""");
        await Node.PublishAsync("hall/3/climate", "this is no JSON");
        await PlantNode.UntilAsync(async () => (await Node.Client.Ingest.ListDeadLettersAsync()).Count > 0, "a message without JSON becomes a dead letter");
        await PlantNode.UntilAsync(async () => (await Node.Client.Assets.GetAsync(Press)).Records > 5, "the press writes records");
        await PlantNode.UntilAsync(async () => (await Node.Client.Assets.GetAsync("saw-1")).State is "faulted" or "degraded", "the saw is not reached");
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();

    /// <summary>Two hours of an oven, a record a second.</summary>
    internal static MemoryStream Reflow()
    {
        var text = new StringBuilder("timestamp,zone1,zone2,zone3,belt,state\n");
        DateTimeOffset start = DateTimeOffset.Parse("2024-05-01T06:00:00Z", CultureInfo.InvariantCulture);
        var random = new Random(7);
        for (int i = 0; i < 7200; i++)
        {
            double Wave(double middle, double size, double period) => middle + (size * Math.Sin(i / period)) + (random.NextDouble() * 1.5);
            text.Append(CultureInfo.InvariantCulture, $"{start.AddSeconds(i):O},{Wave(150, 6, 300):F2},{Wave(182, 4, 210):F2},{Wave(241, 9, 400):F2},{Wave(0.85, 0.02, 90):F3},{(i % 900 < 60 ? "idle" : "running")}\n");
        }

        return new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
