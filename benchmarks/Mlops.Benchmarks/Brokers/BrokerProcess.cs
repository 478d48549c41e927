using Mlops.Mqtt;

namespace Mlops.Benchmarks.Brokers;

/// <summary>The child process with our broker: default settings, apart from the bounds on connections.</summary>
internal static class BrokerProcess
{
    private const int MaxConnections = 20_000;

    /// <summary>Says "port N" and runs until its standard input ends.</summary>
    public static async Task RunAsync()
    {
        await using var broker = new MqttBroker(new MqttBrokerOptions { Port = 0, MaxConnections = MaxConnections, MaxSessions = MaxConnections, MaxConnectsPerSecond = MaxConnections });
        await broker.StartAsync();
        Console.WriteLine($"port {broker.Port}");
        await Console.In.ReadToEndAsync();
    }
}
