using System.Globalization;
using Mlops.Mqtt;

// A broker in a process of its own, for tests that kill it or measure it: BrokerHost <port> [<data folder>].
await using var broker = new MqttBroker(new MqttBrokerOptions
{
    Port = int.Parse(args[0], CultureInfo.InvariantCulture),
    DataFolder = args.Length > 1 ? args[1] : null,
    MaxConnections = 20_000,
    MaxSessions = 20_000,
    MaxConnectsPerSecond = 100_000,
});
await broker.StartAsync();
Console.WriteLine($"listening on {broker.Port}");
await Console.In.ReadToEndAsync();
