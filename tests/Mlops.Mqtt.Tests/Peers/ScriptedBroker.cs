using System.Net;
using System.Net.Sockets;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A broker of version 5 that does only what a test tells it to.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public ScriptedBroker() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Accepts the next connection and answers its CONNECT.</summary>
    public Task<Peer> AcceptAsync(bool sessionPresent) => AcceptAsync(new ConnAckPacket { SessionPresent = sessionPresent });

    /// <summary>Accepts the next connection and answers its CONNECT with all that CONNACK can say.</summary>
    public async Task<Peer> AcceptAsync(ConnAckPacket answer)
    {
        var peer = new Peer(await Eventually.Within(listener.AcceptTcpClientAsync()));
        var (first, body) = await peer.ReadAsync();
        ConnectPacket.Read(first, body);
        await peer.SendAsync(answer.Write(MqttProtocolVersion.V5));
        return peer;
    }

    public void Dispose() => listener.Dispose();

    internal sealed class Peer(TcpClient client) : IDisposable
    {
        public Stream Stream => client.GetStream();

        public async Task<(byte First, byte[] Body)> ReadAsync()
        {
            var stream = client.GetStream();
            var header = new byte[2];
            await Eventually.Within(stream.ReadExactlyAsync(header).AsTask());
            // The packets that tests provoke are shorter than 128 bytes.
            header[1].ShouldBeLessThan((byte)128);
            var body = new byte[header[1]];
            await Eventually.Within(stream.ReadExactlyAsync(body).AsTask());
            return (header[0], body);
        }

        public async Task<(ushort PacketId, bool Duplicate)> ReadPublishAsync()
        {
            var (first, body) = await ReadAsync();
            var packet = PublishPacket.Read(first, body, MqttProtocolVersion.V5);
            return (packet.PacketId, (packet.Flags & PublishFlags.Duplicate) != 0);
        }

        public Task AcknowledgeAsync(ushort packetId) => SendAsync([0x40, 2, (byte)(packetId >> 8), (byte)packetId]);

        public Task SendAsync(byte[] bytes) => client.GetStream().WriteAsync(bytes).AsTask();

        /// <summary>Reads the next packet that is no ping.</summary>
        public async Task<(PacketType Type, byte[] Body)> ReadTypeAsync()
        {
            while (true)
            {
                var (first, body) = await ReadAsync();
                if ((PacketType)(first >> 4) != PacketType.PingReq)
                    return ((PacketType)(first >> 4), body);
            }
        }

        public void Dispose() => client.Dispose();
    }
}
