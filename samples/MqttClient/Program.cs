using System.Text;
using Mlops.Mqtt;

await using var client = new MqttClient(new MqttClientOptions { Host = "localhost", Port = 1883 });
await client.SubscribeAsync("plant/+/temperature", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
{
    Console.WriteLine($"{message.Topic}: {Encoding.UTF8.GetString(message.Payload)}");
    return default; // an incomplete task would stop reading until it completes
});
await client.StartAsync(); // connects, and connects again for as long as it lives
await client.PublishAsync("plant/4/temperature", "21.5"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
Console.ReadLine();
