using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>One side of a WebSocket, written after RFC 6455 with nothing of the library or of .NET's WebSockets.</summary>
internal sealed class FramePeer : IDisposable
{
    public const byte Continuation = 0x80, Text = 0x81, Binary = 0x82, Close = 0x88, Ping = 0x89, Pong = 0x8A;

    /// <summary>What takes the final bit off a first byte: more of the message follows.</summary>
    public const byte NotLast = 0x7F;

    private readonly TcpClient client;
    private readonly bool masks;

    private FramePeer(TcpClient client, bool masks) => (this.client, this.masks) = (client, masks);

    /// <summary>Gets the first lines of HTTP that the other side has sent.</summary>
    public string Head { get; private set; } = "";

    private NetworkStream Stream => client.GetStream();

    /// <summary>Connects to a broker and asks for a WebSocket.</summary>
    public static async Task<FramePeer> OpenAsync(int port)
    {
        var peer = new FramePeer(new TcpClient(AddressFamily.InterNetwork) { NoDelay = true }, masks: true);
        await peer.client.ConnectAsync(IPAddress.Loopback, port);
        await peer.Stream.WriteAsync("GET /mqtt HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"u8.ToArray());
        peer.Head = await peer.ReadHeadAsync();
        peer.Head.ShouldStartWith("HTTP/1.1 101");
        return peer;
    }

    /// <summary>Waits for a client and gives it the WebSocket that it asks for.</summary>
    public static async Task<FramePeer> AcceptAsync(TcpListener listener)
    {
        var peer = new FramePeer(await Eventually.Within(listener.AcceptTcpClientAsync()), masks: false);
        peer.Head = await peer.ReadHeadAsync();
        string key = peer.Head.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))[19..];
        Convert.FromBase64String(key).Length.ShouldBe(16);
#pragma warning disable CA5350 // RFC 6455 asks for SHA-1.
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await peer.Stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"));
        return peer;
    }

    public Task SendAsync(byte first, params byte[] payload) => SendAsync(first, masks, payload);

    public async Task SendAsync(byte first, bool masked, byte[] payload)
    {
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)payload.Length],
            < 65536 => [126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        byte[] key = masked ? [7, 0x55, 0xAA, 0xF0] : [];
        if (masked)
            length[0] |= 128;
        byte[] body = masked ? [.. payload.Select((one, i) => (byte)(one ^ key[i % 4]))] : payload;
        await SendRawAsync([first, .. length, .. key, .. body]);
    }

    public Task SendRawAsync(byte[] bytes) => Stream.WriteAsync(bytes).AsTask();

    /// <summary>Reads a frame; those of a client have to be masked, those of a broker must not be.</summary>
    public async Task<(byte First, byte[] Payload, byte[] Mask)> ReadAsync()
    {
        byte[] head = await ReadExactlyAsync(2);
        (head[1] >= 128).ShouldBe(!masks);
        int length = head[1] & 127;
        if (length == 126)
            length = BinaryPrimitives.ReadUInt16BigEndian(await ReadExactlyAsync(2));
        else if (length == 127)
            length = (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadExactlyAsync(8));
        byte[] mask = await ReadExactlyAsync(masks ? 0 : 4);
        byte[] payload = await ReadExactlyAsync(length);
        return (head[0], masks ? payload : [.. payload.Select((one, i) => (byte)(one ^ mask[i % 4]))], mask);
    }

    /// <summary>Reads binary frames until there are so many bytes.</summary>
    public async Task<byte[]> ReadBinaryAsync(int count)
    {
        List<byte> bytes = [];
        while (bytes.Count < count)
        {
            var (first, payload, _) = await ReadAsync();
            first.ShouldBe(Binary);
            bytes.AddRange(payload);
        }

        bytes.Count.ShouldBe(count);
        return [.. bytes];
    }

    public async Task ExpectAsync(byte first, byte[] payload)
    {
        var frame = await ReadAsync();
        $"{frame.First:X2} {Convert.ToHexString(frame.Payload)}".ShouldBe($"{first:X2} {Convert.ToHexString(payload)}");
    }

    /// <summary>Shows that the other side has closed, after what it still had to say.</summary>
    public async Task ExpectClosedAsync()
    {
        try
        {
            while (await Eventually.Within(Stream.ReadAsync(new byte[1000]).AsTask()) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Closed all the more.
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<byte[]> ReadExactlyAsync(int count)
    {
        var bytes = new byte[count];
        await Eventually.Within(Stream.ReadExactlyAsync(bytes).AsTask());
        return bytes;
    }

    private async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await ReadExactlyAsync(1))[0]);
        return head.ToString();
    }
}
