using System.Net;
using System.Net.Sockets;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>One side of a connection that writes <see cref="Packets"/> and reads what comes, with nothing of the library.</summary>
internal sealed class Peer(TcpClient client, int version) : IDisposable
{
    private const int ShortestMilliseconds = 1;

    private NetworkStream Stream => client.GetStream();

    /// <summary>Connects to a broker, sends CONNECT and expects to be accepted.</summary>
    public static async Task<Peer> OpenAsync(
        int port, int version, string clientId, bool clean = true, ushort keepAlive = 0, byte[]? properties = null, Packets.Will? will = null, bool present = false)
    {
        var peer = await DialAsync(port, version);
        await peer.SendAsync(Packets.Connect(version, clientId, clean, keepAlive, properties, will));
        var answer = await peer.ReadAsync();
        (answer.First, answer.Body[0], answer.Body[1]).ShouldBe(((byte)0x20, (byte)(present ? 1 : 0), (byte)0));
        peer.Accepted = answer.Body;
        return peer;
    }

    /// <summary>Connects to a broker and says nothing.</summary>
    public static async Task<Peer> DialAsync(int port, int version)
    {
        var client = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new Peer(client, version);
    }

    /// <summary>Gets what stood in CONNACK.</summary>
    public byte[] Accepted { get; private set; } = [];

    public Task SendAsync(params byte[][] packets) => Stream.WriteAsync(packets.SelectMany(packet => packet).ToArray()).AsTask();

    /// <summary>Sends byte by byte, each in a segment of its own as far as the system lets it.</summary>
    public async Task TrickleAsync(byte[] bytes)
    {
        foreach (byte one in bytes)
        {
            await Stream.WriteAsync(new[] { one });
            await Task.Delay(ShortestMilliseconds);
        }
    }

    public async Task<(byte First, byte[] Body)> ReadAsync()
    {
        byte first = await ReadByteAsync();
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = await ReadByteAsync();
            length |= (next & 127) << shift;
            if (next < 128)
                break;
        }

        var body = new byte[length];
        await Eventually.Within(Stream.ReadExactlyAsync(body).AsTask());
        return (first, body);
    }

    /// <summary>Reads a packet of which every byte is known.</summary>
    public async Task ExpectAsync(byte first, params byte[] body)
    {
        var packet = await ReadAsync();
        $"{packet.First:X2} {Convert.ToHexString(packet.Body)}".ShouldBe($"{first:X2} {Convert.ToHexString(body)}");
    }

    public async Task<Message> ReadMessageAsync()
    {
        var (first, body) = await ReadAsync();
        (first >> 4).ShouldBe(3, $"PUBLISH was expected; {first:X2} {Convert.ToHexString(body)} came");
        int at = 2 + ((body[0] << 8) | body[1]);
        string topic = Encoding.UTF8.GetString(body, 2, at - 2);
        int quality = (first >> 1) & 3, id = 0;
        if (quality > 0)
        {
            id = (body[at] << 8) | body[at + 1];
            at += 2;
        }

        byte[] properties = [];
        if (version == 5)
        {
            int length = body[at++];
            // Longer ones take two bytes, and no test has more.
            if (length >= 128)
                length = (length & 127) | (body[at++] << 7);
            properties = body[at..(at + length)];
            at += length;
        }

        return new Message(topic, Encoding.UTF8.GetString(body, at, body.Length - at), quality, (first & 1) != 0, (first & 8) != 0, id, properties);
    }

    /// <summary>Reads a message and answers it as its quality asks for.</summary>
    public async Task<Message> TakeAsync()
    {
        var message = await ReadMessageAsync();
        if (message.Quality == 1)
            await SendAsync(Packets.Answer(0x40, message.Id));
        if (message.Quality != 2)
            return message;
        await SendAsync(Packets.Answer(0x50, message.Id));
        await ExpectAsync(0x62, Packets.Number((ushort)message.Id));
        await SendAsync(Packets.Answer(0x70, message.Id));
        return message;
    }

    /// <summary>Subscribes to one filter, which has to be granted.</summary>
    public async Task SubscribeAsync(string filter, byte options, byte[]? properties = null)
    {
        await SendAsync(Packets.Subscribe(version, 1, properties, (filter, options)));
        await ExpectAsync(0x90, version == 5 ? [0, 1, 0, (byte)(options & 3)] : [0, 1, (byte)(options & 3)]);
    }

    /// <summary>Publishes a message, and goes through the exchange of its quality.</summary>
    public async Task PublishAsync(string topic, string payload, int quality, bool retain = false, byte[]? properties = null)
    {
        const ushort Id = 77;
        await SendAsync(Packets.Publish(version, topic, payload, quality, Id, retain, properties: properties));
        if (quality == 1)
            (await ReadAsync()).First.ShouldBe((byte)0x40);
        if (quality == 2)
        {
            (await ReadAsync()).First.ShouldBe((byte)0x50);
            await SendAsync(Packets.Answer(0x62, Id));
            (await ReadAsync()).First.ShouldBe((byte)0x70);
        }
    }

    /// <summary>Shows that nothing is on its way: the answer to a ping is the next that comes.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync([0xC0, 0]);
        await ExpectAsync(0xD0);
    }

    /// <summary>Shows that the other side has closed, with this DISCONNECT of version 5, or of 3.1.1 without a word.</summary>
    public async Task ExpectClosedAsync(byte? reason = null)
    {
        if (reason is not null && version == 5)
        {
            var (first, body) = await ReadAsync();
            (first, body[0]).ShouldBe(((byte)0xE0, reason.Value));
        }

        (await Eventually.Within(ReadRestAsync())).ShouldBe(0);
    }

    public void Dispose() => client.Dispose();

    private async Task<int> ReadRestAsync()
    {
        try
        {
            return await Stream.ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<byte> ReadByteAsync()
    {
        var one = new byte[1];
        await Eventually.Within(Stream.ReadExactlyAsync(one).AsTask());
        return one[0];
    }

    internal sealed record Message(string Topic, string Payload, int Quality, bool Retain, bool Duplicate, int Id, byte[] Properties);
}
