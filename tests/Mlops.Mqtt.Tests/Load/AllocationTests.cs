using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>What the process allocates while many messages pass: nothing that would grow with their number.</summary>
[Collection(AloneCollection.Name)]
public class AllocationTests
{
    private const int WarmUps = 20;
    private const int Bursts = 500;

    /// <summary>Messages on their way at most, so that no queue drops any.</summary>
    private const int Window = 1000;
    private const int Attempts = 5;

    /// <summary>Bytes for each message that everything else in the process, the test's own writes included, may take.</summary>
    private const double Noise = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<MqttQualityOfService, bool> Cases
    {
        get
        {
            var cases = new TheoryData<MqttQualityOfService, bool>();
            foreach (var quality in Enum.GetValues<MqttQualityOfService>())
            {
                cases.Add(quality, false);
                cases.Add(quality, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Broker_ReceivesAndHandsToTheProcess_AllocatesNothingForAMessage(MqttQualityOfService quality, bool withAliases)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        long seen = 0;
        using var hook = fixture.Broker.AddPublishHook((in MqttIncoming _) => MqttPublishDecision.Continue);
        using var subscription = fixture.Broker.Subscribe("plant/#", (in MqttIncoming message) =>
        {
            seen += message.Payload.Length > 0 ? 1 : 0;
            return default;
        });
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "load");
        _ = new Acknowledger(peer.Stream).RunAsync();
        await SendAsync(peer.Stream, quality, withAliases, () => Volatile.Read(ref seen));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Client_Receives_AllocatesNothingForAMessage(MqttQualityOfService quality, bool withAliases)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port });
        long seen = 0;
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(sessionPresent: false);
        await connecting;
        var subscribing = client.SubscribeAsync("plant/#", MqttQualityOfService.ExactlyOnce, (in MqttIncoming message) =>
        {
            seen += message.Payload.Length > 0 ? 1 : 0;
            return default;
        });
        var (first, body) = await peer.ReadAsync();
        ushort id = SubscribePacket.Read(first, body, MqttProtocolVersion.V5).PacketId;
        await peer.SendAsync(SubAckPacket.Write(PacketType.SubAck, id, [2], MqttProtocolVersion.V5));
        await Eventually.Within(subscribing);
        _ = new Acknowledger(peer.Stream).RunAsync();
        await SendAsync(peer.Stream, quality, withAliases, () => Volatile.Read(ref seen));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Broker_PassesOnToAClient_AllocatesNothingForAMessage(MqttQualityOfService quality, bool withAliases)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var connect = new ConnectPacket { Version = MqttProtocolVersion.V5, ClientId = "subscriber", CleanStart = true, TopicAliasMaximum = (ushort)(withAliases ? 64 : 0) };
        var (opened, _) = await RawPeer.OpenAsync(fixture.Port, connect);
        using var subscriber = opened;
        await subscriber.SubscribeAsync(MqttProtocolVersion.V5, "plant/#", new SubscriptionOptions(quality));
        var reader = new Acknowledger(subscriber.Stream);
        _ = reader.RunAsync();
        using var publisher = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "publisher");
        _ = new Acknowledger(publisher.Stream).RunAsync();
        await SendAsync(publisher.Stream, quality, withAliases, () => reader.Received);
    }

    [Theory]
    [InlineData(MqttQualityOfService.AtMostOnce)]
    [InlineData(MqttQualityOfService.AtLeastOnce)]
    [InlineData(MqttQualityOfService.ExactlyOnce)]
    public async Task Client_Publishes_AllocatesNothingForAMessage(MqttQualityOfService quality)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        long seen = 0;
        using var subscription = fixture.Broker.Subscribe("plant/#", (in MqttIncoming message) =>
        {
            Interlocked.Increment(ref seen);
            return default;
        });
        var client = await fixture.ConnectAsync();
        string[] topics = [.. Enumerable.Range(0, 10).Select(i => $"plant/line/{i}")];
        var payload = new byte[200];
        var publishing = new ValueTask[PublishBurst.Count];
        await MeasureAsync(PublishAsync, () => Volatile.Read(ref seen));

        async ValueTask PublishAsync()
        {
            for (int i = 0; i < publishing.Length; i++)
#pragma warning disable CA2012 // Each is awaited once, below; tasks would be allocated.
                publishing[i] = client.PublishAsync(topics[i % topics.Length], payload, quality);
#pragma warning restore CA2012
            for (int i = 0; i < publishing.Length; i++)
                await publishing[i];
        }
    }

    private static async Task SendAsync(Stream stream, MqttQualityOfService quality, bool withAliases, Func<long> seen)
    {
        await stream.WriteAsync(PublishBurst.First(quality, withAliases));
        await Eventually.True(() => seen() == PublishBurst.Count);
        var burst = PublishBurst.Next(quality, withAliases);
        await MeasureAsync(() => stream.WriteAsync(burst), seen);
    }

    /// <summary>Away from the test's synchronization context, which allocates for each wait.</summary>
    private static Task MeasureAsync(Func<ValueTask> sendBurst, Func<long> seen) => Task.Run(() => MeasureHereAsync(sendBurst, seen));

    private static async Task MeasureHereAsync(Func<ValueTask> sendBurst, Func<long> seen)
    {
        // Waits without allocating.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        using var patience = new CancellationTokenSource(Patience);
        long sent = seen();

        // A queue that grows to its working size does so once, so the best attempt tells what a message takes.
        double best = double.MaxValue;
        await RunAsync(WarmUps);
        for (int attempt = 0; attempt < Attempts && best >= Noise; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(Bursts);
            best = Math.Min(best, (GC.GetTotalAllocatedBytes(precise: true) - before) / ((double)Bursts * PublishBurst.Count));
        }

        best.ShouldBeLessThan(Noise);

        async Task RunAsync(int bursts)
        {
            for (int i = 0; i < bursts; i++)
            {
                await sendBurst();
                sent += PublishBurst.Count;
                while (sent - seen() > (i == bursts - 1 ? 0 : Window))
                    await timer.WaitForNextTickAsync(patience.Token);
            }

            seen().ShouldBe(sent);
        }
    }
}
