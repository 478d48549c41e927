using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Faults;

/// <summary>The broker is killed right after it has answered; what the answer said is so after the restart.</summary>
public sealed class KilledBrokerStateTests : IDisposable
{
    private const int Clients = 20;
    private static readonly int Kills = Counts.Of(3, 30);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_RightAfterConnAck_NewSessionsAreThereAndEndedOnesAreNot()
    {
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        int port = broker.Port;
        for (int kill = 0; kill < Kills; kill++)
        {
            string round = $"round-{kill}";
            await ForAllAsync(i => OpenAsync(port, $"{round}-old-{i}", cleanStart: true, expiry: 300));
            // Of the old ones a clean start without expiry leaves nothing.
            bool[] present = await ForAllAsync(i => i % 2 == 0
                ? OpenAsync(port, $"{round}-new-{i}", cleanStart: true, expiry: 300)
                : OpenAsync(port, $"{round}-old-{i}", cleanStart: true, expiry: 0));
            await broker.KillAndStartAsync();
            present.ShouldAllBe(was => !was);
            present = await ForAllAsync(i => OpenAsync(port, $"{round}-{(i % 2 == 0 ? "new" : "old")}-{i}", cleanStart: false, expiry: 0));
            present.ShouldBe(Enumerable.Range(0, Clients).Select(i => i % 2 == 0));
        }
    }

    [Fact]
    public async Task Kill_RightAfterSubAck_SubscriptionsAreThere()
    {
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        int port = broker.Port;
        for (int kill = 0; kill < Kills; kill++)
        {
            string topic = $"round-{kill}";
            await ForAllAsync(async i =>
            {
                using var peer = await RawPeer.OpenAsync(port, MqttProtocolVersion.V5, $"{topic}-{i}", expiry: 300);
                await peer.SendAsync(SubscribePacket.Write(1, 0, topic, new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V5));
                return (await peer.ReadPacketAsync()).First == 0x90;
            });
            await broker.KillAndStartAsync();
            await using (var press = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port }))
            {
                await press.ConnectAsync();
                await press.PublishAsync(topic, "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
            }

            bool[] received = await ForAllAsync(async i =>
            {
                using var peer = await RawPeer.OpenAsync(port, MqttProtocolVersion.V5, $"{topic}-{i}", cleanStart: false);
                return (await peer.ReadPacketAsync()).First == 0x32;
            });
            received.ShouldAllBe(did => did);
        }
    }

    [Fact]
    public async Task Kill_WhileDelayedWillsBecomeDue_EachIsPublishedOnceAtLeast()
    {
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        int port = broker.Port;
        var inbox = new Inbox();
        await using var subscriber = LastingClient.Of(port, MqttProtocolVersion.V5, "subscriber");
        await subscriber.StartAsync();
        await subscriber.SubscribeAsync("gone/+", MqttQualityOfService.AtLeastOnce, inbox.Take);
        string[] all = [.. Enumerable.Range(0, Clients * Kills).Select(i => $"gone/{i}")];
        for (int i = 0; i < all.Length; i++)
        {
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync(new ConnectPacket
            {
                Version = MqttProtocolVersion.V5,
                ClientId = $"press-{i}",
                CleanStart = true,
                SessionExpirySeconds = 3600,
                Will = new WillMessage(all[i], "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, false, 1 + (uint)(i / Clients), default),
            }.Write());
            (await peer.ReadPacketAsync()).First.ShouldBe((byte)0x20);
        }

        for (int kill = 1; kill <= Kills; kill++)
        {
            // As the next ones become due; the delays of the others go on running meanwhile.
            int seen = inbox.Messages.Select(message => message.Topic).Distinct().Count();
            await Eventually.True(() => inbox.Messages.Select(message => message.Topic).Distinct().Count() > seen || seen == all.Length);
            await broker.KillAndStartAsync();
        }

        await Eventually.True(() => !all.Except(inbox.Messages.Select(message => message.Topic)).Any());
    }

    private static async Task<bool[]> ForAllAsync(Func<int, Task<bool>> act) => await Eventually.Within(Task.WhenAll(Enumerable.Range(0, Clients).Select(act)));

    /// <summary>Connects, tells whether there was a session, and is gone without a word.</summary>
    private static async Task<bool> OpenAsync(int port, string name, bool cleanStart, uint expiry)
    {
        using var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync(new ConnectPacket { Version = MqttProtocolVersion.V5, ClientId = name, CleanStart = cleanStart, SessionExpirySeconds = expiry }.Write());
        var (first, body) = await peer.ReadPacketAsync();
        var answer = ConnAckPacket.Read(first, body, MqttProtocolVersion.V5);
        answer.Reason.ShouldBe(MqttReasonCode.Success);
        return answer.SessionPresent;
    }
}
