using System.Net;
using System.Net.Sockets;
using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A client made of bytes: it sends what it is told to and shows what comes back.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly TcpClient client;
    private readonly List<byte> received = [];

    private RawPeer(string from) => client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0)) { NoDelay = true };

    public NetworkStream Stream => client.GetStream();

    /// <param name="port">Where to connect to.</param>
    /// <param name="from">The address to connect from.</param>
    public static async Task<RawPeer> ConnectAsync(int port, string from = "127.0.0.1")
    {
        var peer = new RawPeer(from);
        await peer.client.ConnectAsync(IPAddress.Loopback, port);
        return peer;
    }

    /// <summary>Connects and gets through the handshake.</summary>
    public static async Task<RawPeer> OpenAsync(
        int port,
        MqttProtocolVersion version,
        string clientId,
        bool cleanStart = true,
        ushort keepAlive = 0,
        uint expiry = 0,
        string from = "127.0.0.1")
    {
        var (peer, answer) = await OpenAsync(port, new ConnectPacket
        {
            Version = version,
            ClientId = clientId,
            CleanStart = cleanStart,
            KeepAliveSeconds = keepAlive,
            SessionExpirySeconds = expiry,
        }, from);
        answer.Reason.ShouldBe(MqttReasonCode.Success);
        return peer;
    }

    /// <summary>Connects with all that CONNECT can say, and gives the answer.</summary>
    public static async Task<(RawPeer Peer, ConnAckPacket Answer)> OpenAsync(int port, ConnectPacket connect, string from = "127.0.0.1")
    {
        var peer = await ConnectAsync(port, from);
        await peer.SendAsync(connect.Write());
        var (first, body) = await peer.ReadPacketAsync();
        return (peer, ConnAckPacket.Read(first, body, connect.Version));
    }

    public Task SendAsync(params byte[] bytes) => Stream.WriteAsync(bytes).AsTask();

    public Task PublishAsync(MqttProtocolVersion version, string topic, byte[] payload, ushort packetId = 0, byte flags = 0)
    {
        var utf8 = Encoding.UTF8.GetBytes(topic);
        var writer = new PublishWriter(flags, utf8, [], [], payload.Length, version);
        var packet = new byte[writer.PacketLength];
        writer.Write(packet, packetId);
        payload.CopyTo(packet.AsSpan(writer.HeaderLength));
        return SendAsync(packet);
    }

    /// <summary>Subscribes to one filter and gives the reason of the answer.</summary>
    public async Task<MqttReasonCode> SubscribeAsync(MqttProtocolVersion version, string filter, SubscriptionOptions options, uint subscriptionId = 0)
    {
        await SendAsync(SubscribePacket.Write(1, subscriptionId, filter, options, version));
        var (first, body) = await ReadPacketAsync();
        return (MqttReasonCode)SubAckPacket.Read(first, body, version).Reasons[0];
    }

    /// <summary>Reads the next packet, which has to be a PUBLISH.</summary>
    public async Task<Published> ReadPublishAsync(MqttProtocolVersion version)
    {
        var (first, body) = await ReadPacketAsync();
        ((PacketType)(first >> 4)).ShouldBe(PacketType.Publish);
        var packet = PublishPacket.Read(first, body, version);
        return new Published(
            Encoding.UTF8.GetString(packet.Topic), Encoding.UTF8.GetString(packet.Payload), packet.QualityOfService, packet.Retain,
            (packet.Flags & PublishFlags.Duplicate) != 0, packet.PacketId, packet.Properties.Section.ToArray(), packet.Properties.ExpirySeconds);
    }

    /// <summary>Shows that nothing more is on its way: the answer to a ping is what comes next.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(0xC0, 0);
        (await ReadPacketAsync()).First.ShouldBe((byte)0xD0, "the answer to the ping and nothing before it");
    }

    public async Task<(byte First, byte[] Body)> ReadPacketAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            if (FrameHeader.TryRead([.. received], out var header) && header.PacketLength <= received.Count)
            {
                byte[] body = [.. received.Skip(header.Size).Take(header.BodyLength)];
                received.RemoveRange(0, header.PacketLength);
                return (header.First, body);
            }

            int count = await Eventually.Within(Stream.ReadAsync(buffer).AsTask());
            if (count == 0)
                throw new EndOfStreamException("The broker has closed the connection.");
            received.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>Reads until the broker closes, and gives the last packet that came.</summary>
    public async Task<(byte First, byte[] Body)?> ReadToEndAsync()
    {
        (byte, byte[])? last = null;
        try
        {
            while (true)
                last = await ReadPacketAsync();
        }
        catch (Exception end) when (end is IOException)
        {
            return last;
        }
    }

    public void Dispose() => client.Dispose();

    internal sealed record Published(
        string Topic, string Text, MqttQualityOfService QualityOfService, bool Retain, bool Duplicate, ushort PacketId, byte[] Properties, uint? Expiry);
}
