using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mlops.Scenarios.Tests;

/// <summary>What somebody sees who only knows MQTT: mosquitto's own clients while the demo runs.</summary>
public sealed class DatabusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Demo_WhileItRuns_OtherClientsSeeMetadataStatusAndPredictionsAndCanFillAFeed(string version)
    {
        using var folder = new DemoFolder();
        string data = Path.Combine(folder.Folder, "data");
        await using RunningProcess demo = folder.Start("--data", data);
        Match started = await demo.WaitForAsync(@"MQTT broker\s+127\.0\.0\.1:(\d+)", Patience);
        string port = started.Groups[1].Value;
        await demo.WaitForAsync("answers onnx", Patience);

        await using (RunningProcess listener = RunningProcess.Start("mosquitto_sub", ["-V", version, "-h", "127.0.0.1", "-p", port, "-q", "1", "-v", "-t", "ie/m/j/simatic/v1/demo/dp", "-t", "ie/s/j/simatic/v1/demo/status", "-t", "ie/d/j/simatic/v1/demo/dp/r/#"]))
        {
            JsonElement metadata = Payload(await listener.WaitForAsync(@"ie/m/j/simatic/v1/demo/dp (\{.*\})", Patience));
            JsonElement status = Payload(await listener.WaitForAsync(@"ie/s/j/simatic/v1/demo/status (\{.*\})", Patience));
            JsonElement answer = Payload(await listener.WaitForAsync(@"ie/d/j/simatic/v1/demo/dp/r/\S+ (\{.*\})", Patience));

            metadata.GetProperty("connections")[0].GetProperty("name").GetString().ShouldBe("pcb-quality");
            status.GetProperty("connector").GetProperty("status").GetString().ShouldBe("available");
            JsonElement source = answer.GetProperty("source");
            source.GetProperty("feed").GetString().ShouldBe("pcb1.line1.pads");
            source.GetProperty("seq").GetInt64().ShouldBeGreaterThan(3000);
            source.GetProperty("row").GetInt64().ShouldBeGreaterThan(0);
            answer.GetProperty("vals").EnumerateArray().Single(v => v.GetProperty("id").GetString() == "label")
                .GetProperty("val").GetString().ShouldBeOneOf("ok", "error", "pseudo-error");
        }

        await PublishAsync(version, port, "ie/m/j/simatic/v1/press9/dp", retain: true, """
            {"hashVersion":5,"connections":[{"name":"PLC","type":"S7","dataPoints":[{"name":"Zyklus","topic":"ie/d/j/simatic/v1/press9/dp/r/PLC/Zyklus","publishType":"bulk","dataPointDefinitions":[{"name":"number","id":"n","dataType":"LInt"}]}]}]}
            """);
        for (int i = 1; i <= 3; i++)
        {
            await PublishAsync(version, port, "ie/d/j/simatic/v1/press9/dp/r/PLC/Zyklus", retain: false, string.Create(CultureInfo.InvariantCulture,
                $$"""{"seq":{{i}},"mdHashVer":5,"vals":[{"id":"n","val":"{{i * 10}}","ts":"2026-01-01T00:00:0{{i}}Z","qc":3}]}"""));
        }

        demo.Signal("INT");
        (await demo.WaitAsync(Patience)).ShouldBe(0, demo.Output);
        ParquetFolder.ReadNumbers(data, "press9.plc.zyklus", "number").ShouldBe([10, 20, 30]);
    }

    private static JsonElement Payload(Match match) => JsonDocument.Parse(match.Groups[1].Value).RootElement;

    private static async Task PublishAsync(string version, string port, string topic, bool retain, string payload)
    {
        List<string> args = ["-V", version, "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", topic, "-m", payload.Trim()];
        if (retain)
            args.Add("-r");
        await using RunningProcess publisher = RunningProcess.Start("mosquitto_pub", args);
        (await publisher.WaitAsync(Patience)).ShouldBe(0, publisher.Output);
    }
}
