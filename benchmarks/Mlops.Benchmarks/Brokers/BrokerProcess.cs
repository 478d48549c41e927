using System.Globalization;
using Mlops.Mqtt;

namespace Mlops.Benchmarks.Brokers;

/// <summary>The child process with our broker: default settings, apart from the bounds on connections.</summary>
internal static class BrokerProcess
{
    private const int MaxConnections = 20_000;

    /// <summary>Says "port N", answers each line with the bytes allocated so far, and runs until its standard input ends.</summary>
    public static async Task RunAsync()
    {
        // What the documentation recommends for a process that is a broker and little else; read by the first socket.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        await using var broker = new MqttBroker(new MqttBrokerOptions { Port = 0, MaxConnections = MaxConnections, MaxSessions = MaxConnections, MaxConnectsPerSecond = MaxConnections });
        await broker.StartAsync();
        Console.WriteLine($"port {broker.Port}");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
    }
}
