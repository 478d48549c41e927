using Mlops.Mqtt;

await using var broker = new MqttBroker(new MqttBrokerOptions { Port = 1883 });
broker.AddPublishHook((in MqttIncoming message) =>
{
    var acknowledgement = message.Acknowledgement;
    _ = StoreAsync(message.Payload.ToArray()).ContinueWith(_ => acknowledgement.Complete());
    return MqttPublishDecision.Hold; // the client's PUBACK leaves when it is stored
});
broker.Subscribe("alarms/#", (in MqttIncoming message) => { Console.WriteLine(message.Topic); return default; });
await broker.StartAsync();
await broker.PublishAsync("plant/status", "online"u8.ToArray(), retain: true);
Console.ReadLine();

static Task StoreAsync(byte[] payload) => File.WriteAllBytesAsync(Path.GetRandomFileName(), payload);
