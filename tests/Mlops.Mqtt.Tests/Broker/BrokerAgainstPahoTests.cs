using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class BrokerAgainstPahoTests
{
    /// <summary>Publishes 300 messages while subscribed to them, and prints what it got and what was acknowledged.</summary>
    private const string Echo = """
        import sys, time
        import paho.mqtt.client as mqtt
        port, version, quality = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
        got, acknowledged = [], set()
        client = mqtt.Client(client_id="paho", protocol=version)
        client.on_message = lambda c, u, m: got.append(m.payload.decode())
        client.on_publish = lambda c, u, mid: acknowledged.add(mid)
        ready = []
        client.on_subscribe = lambda c, u, mid, granted, properties=None: ready.append([int(str(g.value if hasattr(g, 'value') else g)) for g in granted])
        client.connect("127.0.0.1", port, keepalive=10)
        client.loop_start()
        client.subscribe([("echo/#", quality), ("other", 2)])
        end = time.time() + 30
        while not ready and time.time() < end: time.sleep(0.01)
        for i in range(300): client.publish(f"echo/{i % 3}", str(i), qos=quality)
        while (len(got) < 300 or len(acknowledged) < 300) and time.time() < end: time.sleep(0.01)
        print(ready[0])
        print(got == [str(i) for i in range(300)])
        print(len(acknowledged))
        client.disconnect()
        client.loop_stop()
        """;

    /// <summary>Publishes five messages of QoS 1 and prints the order in which the acknowledgements come.</summary>
    private const string Held = """
        import sys, time
        import paho.mqtt.client as mqtt
        port, version = int(sys.argv[1]), int(sys.argv[2])
        order = []
        client = mqtt.Client(client_id="holder", protocol=version)
        client.on_publish = lambda c, u, mid: print("ack", mid, flush=True)
        client.connect("127.0.0.1", port)
        client.loop_start()
        for i in range(5): client.publish("data", str(i), qos=1)
        sys.stdin.readline()
        client.disconnect()
        """;

    [Theory]
    [InlineData("4", "1")]
    [InlineData("5", "1")]
    [InlineData("4", "2")]
    [InlineData("5", "2")]
    public async Task Echo_ThreeHundredMessages_ComeBackInOrderAndAcknowledged(string version, string quality)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (exitCode, lines, errors) = await Child.RunAsync("/usr/bin/python3", "-c", Echo, $"{fixture.Port}", version, quality);
        exitCode.ShouldBe(0, errors);
        lines.ShouldBe([$"[{quality}, 2]", "True", "300"]);
        fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task Hold_ReleasedOutOfOrder_PubAcksComeInOrder(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var held = new Inbox();
        using var hook = fixture.Broker.AddPublishHook((in MqttIncoming message) =>
        {
            held.Keep(message);
            return message.Payload.SequenceEqual("3"u8) ? MqttPublishDecision.Continue : MqttPublishDecision.Hold;
        });
        var routed = new Inbox();
        using var subscriber = fixture.Broker.Subscribe("data", routed.Take);
        await using var paho = Child.Start("/usr/bin/python3", "-c", Held, $"{fixture.Port}", version);
        await Eventually.True(() => held.Count == 5 && routed.Count == 5);
        paho.Lines.ShouldBeEmpty();
        held.Messages[2].Acknowledgement.Complete();
        held.Messages[1].Acknowledgement.Complete();
        held.Messages[0].Acknowledgement.Complete();
        await Eventually.True(() => paho.Lines.Length == 4);
        held.Messages[4].Acknowledgement.Complete();
        await Eventually.True(() => paho.Lines.Length == 5);
        paho.Lines.ShouldBe(["ack 1", "ack 2", "ack 3", "ack 4", "ack 5"]);
        paho.WriteLine("done");
    }
}
