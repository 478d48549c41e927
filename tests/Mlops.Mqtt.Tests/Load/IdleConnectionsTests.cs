using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;
using Xunit.Abstractions;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>Many clients that are there and say nothing.</summary>
[Collection(AloneCollection.Name)]
public class IdleConnectionsTests(ITestOutputHelper output)
{
    private const int AtOnce = 50;
    private const int OtherFiles = 500;

    /// <summary>KiB that the process of the broker may take for a connection, socket, session and subscription included.</summary>
    private const double MostForAConnection = 24;

    private static readonly int Count = Counts.Of(500, 10_000);

    [Fact]
    public async Task Connections_ManyThatAreIdle_TakeLittleMemoryAndAllAreServed()
    {
        await FileHandles.AllowAsync(Count + OtherFiles);
        await using var broker = await BrokerProcess.StartAsync();
        var peers = new List<RawPeer>();
        try
        {
            await ConnectAsync(broker.Port, "warm", AtOnce, peers);
            double before = broker.ResidentMiB;
            await ConnectAsync(broker.Port, "idle", Count, peers);
            double perConnection = (broker.ResidentMiB - before) * 1024 / Count;
            output.WriteLine($"{Count} idle connections: {perConnection:0.0} KiB each, {broker.ResidentMiB:0} MiB in all");

            await peers[0].PublishAsync(MqttProtocolVersion.V5, "all", "x"u8.ToArray());
            foreach (var peer in peers)
            {
                var (first, body) = await peer.ReadPacketAsync();
                PublishPacket.Read(first, body, MqttProtocolVersion.V5).Payload.ToArray().ShouldBe("x"u8.ToArray());
            }

            perConnection.ShouldBeLessThan(MostForAConnection);
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }
    }

    private static async Task ConnectAsync(int port, string name, int count, List<RawPeer> peers)
    {
        for (int from = 0; from < count; from += AtOnce)
        {
            int first = from;
            peers.AddRange(await Task.WhenAll(Enumerable.Range(first, Math.Min(AtOnce, count - first)).Select(OpenAsync)));
        }

        async Task<RawPeer> OpenAsync(int number)
        {
            var peer = await RawPeer.OpenAsync(port, MqttProtocolVersion.V5, $"{name}-{number}");
            await peer.SendAsync(SubscribePacket.Write(1, 0, "all", new SubscriptionOptions(MqttQualityOfService.AtMostOnce), MqttProtocolVersion.V5));
            await peer.ReadPacketAsync();
            return peer;
        }
    }
}
