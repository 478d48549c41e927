using System.Globalization;
using System.Text;
using Mlops.Mqtt;

// Publishes rising numbers through an outbox in a file, pipelined, and writes each number once it is kept, until it is killed.
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "kept", Outbox = new MqttOutboxOptions { File = args[1] } });
_ = client.StartAsync();
var pending = new Queue<Task>();
for (int i = int.Parse(args[2], CultureInfo.InvariantCulture); ; i++)
{
    pending.Enqueue(client.PublishAsync("numbers", Encoding.ASCII.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce).AsTask());
    if (pending.Count < 100)
        continue;
    await pending.Dequeue();
    Console.WriteLine(i - 99);
}
