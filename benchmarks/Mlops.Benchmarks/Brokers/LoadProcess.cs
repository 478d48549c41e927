using System.Globalization;
using System.Text.Json;
using Mlops.Mqtt;

namespace Mlops.Benchmarks.Brokers;

/// <summary>The child process that loads a broker: reads what to do from its standard input, a line each, and answers with figures.</summary>
internal static class LoadProcess
{
    public static async Task RunAsync(int port)
    {
        var idle = new List<MqttClient>();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int Number(int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
            Dictionary<string, double> figures = words[0] switch
            {
                "window" => await Load.WindowAsync(port, (MqttQualityOfService)Number(1), pairs: Number(2), TimeSpan.FromSeconds(Number(3))),
                "rate" => await Load.RateAsync(port, (MqttQualityOfService)Number(1), perSecond: Number(2), TimeSpan.FromSeconds(Number(3))),
                "fan-out" => await Load.FanOutAsync(port, subscribers: Number(1), TimeSpan.FromSeconds(Number(2))),
                "connect" => await ConnectAsync(port, Number(1), idle),
                _ => throw new InvalidOperationException($"The load process does not know '{line}'."),
            };
            Console.WriteLine(JsonSerializer.Serialize(figures));
        }
    }

    private static async Task<Dictionary<string, double>> ConnectAsync(int port, int count, List<MqttClient> idle)
    {
        for (int i = 0; i < count; i++)
        {
            var client = Load.NewClient(port);
            await client.ConnectAsync();
            idle.Add(client);
        }

        return [];
    }
}
