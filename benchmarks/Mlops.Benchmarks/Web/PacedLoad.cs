using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mlops.Benchmarks.Harness;
using Mlops.Mqtt;

namespace Mlops.Benchmarks.Web;

/// <summary>The child process that publishes at a steady pace and times each PUBACK, which a node sends after its commit.</summary>
internal static class PacedLoad
{
    public const string Topic = "bench/web";

    /// <summary>Says "ready", and answers each line "MESSAGES-PER-SECOND SECONDS" with what became of them.</summary>
    public static async Task RunAsync(int port)
    {
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, MaxPendingPublishes = 16_384 });
        await client.ConnectAsync();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            int[] numbers = [.. line.Split(' ').Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
            Console.WriteLine(JsonSerializer.Serialize(await PublishAsync(client, numbers[0], numbers[1])));
        }
    }

    private static async Task<Dictionary<string, double>> PublishAsync(MqttClient client, int rate, int seconds)
    {
        var underWay = new Task<double>[rate * seconds];
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < underWay.Length; i++)
        {
            TimeSpan early = TimeSpan.FromSeconds((double)i / rate) - clock.Elapsed;
            if (early > TimeSpan.FromMilliseconds(1))
                await Task.Delay(early);
            underWay[i] = PublishOneAsync(client, i);
        }

        double[] times = await Task.WhenAll(underWay);
        double took = clock.Elapsed.TotalSeconds;
        Array.Sort(times);
        return new() { ["records"] = times.Length / took, ["p50"] = Spread.Percentile(times, 50), ["p99"] = Spread.Percentile(times, 99) };
    }

    private static async Task<double> PublishOneAsync(MqttClient client, int value)
    {
        long begun = Stopwatch.GetTimestamp();
        await client.PublishAsync(Topic, Encoding.UTF8.GetBytes($$"""{"value":{{value}}}"""), MqttQualityOfService.AtLeastOnce);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
