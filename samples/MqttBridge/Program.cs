using Mlops.Mqtt;

await using var broker = new MqttBroker(new MqttBrokerOptions { Port = 1883 });
await broker.StartAsync();
var options = new MqttBridgeOptions { Name = "line-4" };
options.Remote = new MqttClientOptions { Host = "localhost", Port = 1884 };
options.Remote.Outbox = new MqttOutboxOptions { File = "to-plant.db" }; // messages wait here while the plant is away
options.Topics.Add(new MqttBridgeTopic { Filter = "values/#", RemotePrefix = "line-4/" });
options.Topics.Add(new MqttBridgeTopic { Filter = "commands/#", RemotePrefix = "line-4/", Direction = MqttBridgeDirection.In });
await using var bridge = new MqttBridge(broker, options);
await bridge.StartAsync();
Console.ReadLine();
