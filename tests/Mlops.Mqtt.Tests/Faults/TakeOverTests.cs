using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Faults;

/// <summary>A second connection of the same client arrives in the middle of an exchange of QoS 2: each message still passes once.</summary>
public class TakeOverTests
{
    private const ushort Id = 7;
    private const byte ExactlyOnce = 4;
    private static readonly int Messages = Counts.Of(200, 5_000);

    public static TheoryData<MqttProtocolVersion, bool> Cases => new()
    {
        { MqttProtocolVersion.V5, false },
        { MqttProtocolVersion.V5, true },
        { MqttProtocolVersion.V311, false },
        { MqttProtocolVersion.V311, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Publisher_TakenOverAtEachStep_EveryMessageIsHandedOnOnce(MqttProtocolVersion version, bool onDisk)
    {
        using var folder = new TemporaryFolder();
        await using var fixture = await BrokerFixture.StartAsync(options => (options.DataFolder, options.MaxConnectsPerSecond) = (onDisk ? folder.Path : null, 1_000_000));
        var inbox = new Inbox();
        using var subscription = fixture.Broker.Subscribe("a", inbox.Take);
        var peers = new List<RawPeer> { await OpenAsync() };
        for (int i = 0; i < Messages; i++)
        {
            byte[] payload = Encoding.UTF8.GetBytes($"{i}");
            // Always the same identifier, so that what comes late on an older connection would meet the next message.
            await peers[^1].PublishAsync(version, "a", payload, Id, ExactlyOnce);
            for (int again = 0; again < i % 3; again++)
            {
                peers.Add(await OpenAsync());
                await peers[^1].PublishAsync(version, "a", payload, Id, ExactlyOnce | PublishFlags.Duplicate);
            }

            (await peers[^1].ReadPacketAsync()).First.ShouldBe((byte)0x50);
            await ReleaseAsync();
            for (int again = 0; again < i % 4; again++)
            {
                peers.Add(await OpenAsync());
                await ReleaseAsync();
            }

            (await peers[^1].ReadPacketAsync()).First.ShouldBe((byte)0x70);
            for (; peers.Count > 4; peers.RemoveAt(0))
                peers[0].Dispose();
        }

        peers.ForEach(peer => peer.Dispose());
        inbox.Texts.ShouldBe(Enumerable.Range(0, Messages).Select(i => $"{i}"));

        Task<RawPeer> OpenAsync() => RawPeer.OpenAsync(fixture.Port, version, "press", cleanStart: false, expiry: 600);

        Task ReleaseAsync() => peers[^1].SendAsync(0x62, 2, 0, (byte)Id);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Subscriber_TakenOverAtEachStep_EveryMessageArrivesOnce(MqttProtocolVersion version, bool onDisk)
    {
        using var folder = new TemporaryFolder();
        await using var fixture = await BrokerFixture.StartAsync(options => (options.DataFolder, options.MaxConnectsPerSecond) = (onDisk ? folder.Path : null, 1_000_000));
        var peer = await OpenAsync();
        await peer.SubscribeAsync(version, "a", new SubscriptionOptions(MqttQualityOfService.ExactlyOnce));
        for (int i = 0; i < Messages; i++)
            await fixture.Broker.PublishAsync("a", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.ExactlyOnce);
        var arrived = new List<string>();
        var received = new HashSet<int>();
        int steps = 0;
        while (arrived.Count < Messages || received.Count > 0)
        {
            var (first, body) = await peer.ReadPacketAsync();
            int id;
            switch ((PacketType)(first >> 4))
            {
                case PacketType.Publish:
                    (id, string text) = Read(first, body, version);
                    if (received.Add(id))
                        arrived.Add(text);
                    await peer.SendAsync(0x50, 2, (byte)(id >> 8), (byte)id);
                    break;
                case PacketType.PubRel:
                    id = (body[0] << 8) | body[1];
                    received.Remove(id);
                    await peer.SendAsync(0x70, 2, (byte)(id >> 8), (byte)id);
                    break;
                default:
                    throw new InvalidOperationException($"{first:X2} came.");
            }

            // The answer may or may not reach the broker before the next connection does.
            if (++steps % 5 != 0)
                continue;
            var older = peer;
            peer = await OpenAsync();
            older.Dispose();
        }

        peer.Dispose();
        arrived.ShouldBe(Enumerable.Range(0, Messages).Select(i => $"{i}"));

        Task<RawPeer> OpenAsync() => RawPeer.OpenAsync(fixture.Port, version, "panel", cleanStart: false, expiry: 600);
    }

    [Fact]
    public async Task Publisher_TakenOverWhileAHookHolds_TheNextConnectionIsAnsweredByTheFirstHold()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var hook = fixture.HoldPublishes(out var held);
        using var first = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press", cleanStart: false, expiry: 60);
        await first.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), Id, ExactlyOnce);
        await Eventually.True(() => held.Count == 1);
        using var second = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press", cleanStart: false, expiry: 60);
        await second.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), Id, ExactlyOnce | PublishFlags.Duplicate);
        await second.ExpectNothingAsync();
        held.Messages[0].Acknowledgement.Complete();
        (await second.ReadPacketAsync()).First.ShouldBe((byte)0x50);
        held.Count.ShouldBe(1);
    }

    private static (int Id, string Text) Read(byte first, byte[] body, MqttProtocolVersion version)
    {
        var packet = PublishPacket.Read(first, body, version);
        return (packet.PacketId, Encoding.UTF8.GetString(packet.Payload));
    }
}
