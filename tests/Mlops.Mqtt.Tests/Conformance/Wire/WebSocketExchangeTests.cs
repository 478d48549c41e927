using System.Net;
using System.Net.Sockets;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;
using static Mlops.Mqtt.Tests.Conformance.Wire.Packets;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>MQTT in the frames of a WebSocket (MQTT 5 and 3.1.1, section 6), frame by frame.</summary>
public class WebSocketExchangeTests
{
    public static TheoryData<int> Versions => [4, 5];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Broker_PacketsDividedAnyhow_AreTheSameToIt(int version)
    {
        await using var fixture = await StartAsync();
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        using var peer = await FramePeer.OpenAsync(fixture.Port);
        byte[] connect = Connect(version, "x");
        await peer.SendAsync(FramePeer.Binary & FramePeer.NotLast, connect[..3]);
        await peer.SendAsync(FramePeer.Ping, 1, 2, 3);
        await peer.ExpectAsync(FramePeer.Pong, [1, 2, 3]);
        await peer.SendAsync(FramePeer.Continuation & FramePeer.NotLast);
        await peer.SendAsync(FramePeer.Continuation, connect[3..]);
        var (first, payload, _) = await peer.ReadAsync();
        (first, payload[0]).ShouldBe((FramePeer.Binary, (byte)0x20));
        byte[] packets = [.. Publish(version, "a", "1"), .. Publish(version, "b", "2"), 0xC0, 0];
        await peer.SendAsync(FramePeer.Binary, packets[..8]);
        await peer.SendAsync(FramePeer.Pong, 9);
        await peer.SendAsync(FramePeer.Binary);
        await peer.SendAsync(FramePeer.Binary, packets[8..]);
        await peer.ExpectAsync(FramePeer.Binary, [0xD0, 0]);
        inbox.Messages.Select(message => (message.Topic, message.Text)).ShouldBe([("a", "1"), ("b", "2")]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(119)] // with its head the longest frame of a short length
    [InlineData(120)]
    [InlineData(65_000)]
    [InlineData(70_000)]
    public async Task Broker_FramesOfEachLength_ComeBack(int size)
    {
        await using var fixture = await StartAsync();
        using var peer = await FramePeer.OpenAsync(fixture.Port);
        byte[] publish = Publish(4, "a", new string('x', size));
        await peer.SendAsync(FramePeer.Binary, [.. Connect(4, "x"), .. Subscribe(4, 1, null, ("a", 0))]);
        await peer.ReadBinaryAsync(4 + 5);
        await peer.SendAsync(FramePeer.Binary, publish);
        (await peer.ReadBinaryAsync(publish.Length)).ShouldBe(publish);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Broker_ClientCloses_AnswersAndPublishesTheWillUnlessItSaidGoodbye(bool saysGoodbye)
    {
        await using var fixture = await StartAsync();
        var wills = new Inbox();
        using var all = fixture.Broker.Subscribe("gone", wills.Take);
        using var peer = await FramePeer.OpenAsync(fixture.Port);
        await peer.SendAsync(FramePeer.Binary, Connect(5, "x", will: new Will("gone", [])));
        (await peer.ReadAsync()).Payload[0].ShouldBe((byte)0x20);
        if (saysGoodbye)
            await peer.SendAsync(FramePeer.Binary, 0xE0, 0);
        else
            await peer.SendAsync(FramePeer.Close, 3, 0xE8);
        (await peer.ReadAsync()).First.ShouldBe(FramePeer.Close);
        if (saysGoodbye)
            await peer.SendAsync(FramePeer.Close, 3, 0xE8);
        await peer.ExpectClosedAsync();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        wills.Count.ShouldBe(saysGoodbye ? 0 : 1);
        fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("81 82 00000000 C000")] // text [6.0.0-1]
    [InlineData("82 08 C000C000C000C000")] // not masked
    [InlineData("83 82 00000000 C000")] // an unknown kind
    [InlineData("C2 82 00000000 C000")] // a reserved bit
    [InlineData("80 82 00000000 C000")] // goes on with nothing
    [InlineData("02 81 00000000 C0 82 81 00000000 00")] // begins before the end
    [InlineData("09 80 00000000")] // a ping in parts
    [InlineData("89 FE 007E 00000000")] // a ping that is too long
    [InlineData("82 FF 8000000000000001 00000000")] // a length below zero
    public async Task Broker_FrameThatIsForbidden_ClosesWithOneLogLine(string frame)
    {
        await using var fixture = await StartAsync();
        using var peer = await FramePeer.OpenAsync(fixture.Port);
        await peer.SendAsync(FramePeer.Binary, Connect(4, "x"));
        await peer.ReadBinaryAsync(4);
        await peer.SendRawAsync(Convert.FromHexString(frame.Replace(" ", "", StringComparison.Ordinal)));
        await peer.ExpectClosedAsync();
        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("'x'");
        fixture.Broker.Counters.ProtocolErrors.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Client_FramesDividedAnyhow_AreTheSameToIt(int version)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = Client(listener, version);
        var inbox = new Inbox();
        var connecting = client.ConnectAsync();
        using var peer = await FramePeer.AcceptAsync(listener);
        string[] head = peer.Head.Split("\r\n");
        head[0].ShouldBe("GET /mqtt HTTP/1.1");
        head.ShouldContain("Sec-WebSocket-Protocol: mqtt");
        head.ShouldContain("Sec-WebSocket-Version: 13");
        head.ShouldContain($"Host: 127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var (first, connect, mask) = await peer.ReadAsync();
        (first, connect[0]).ShouldBe((FramePeer.Binary, (byte)0x10));
        foreach (byte one in Packet(0x20, version == 5 ? [0, 0, 0] : [0, 0]))
            await peer.SendAsync(FramePeer.Binary, one);
        await connecting;

        var subscribing = client.SubscribeAsync("#", MqttQualityOfService.AtLeastOnce, inbox.Take);
        var subscribe = await peer.ReadAsync();
        subscribe.Mask.ShouldNotBe(mask, "each frame has a mask of its own");
        await peer.SendAsync(FramePeer.Binary, Packet(0x90, version == 5 ? [subscribe.Payload[2], subscribe.Payload[3], 0, 1] : [subscribe.Payload[2], subscribe.Payload[3], 1]));
        await subscribing;
        byte[] messages = [.. Publish(version, "a", "1", 1, 8), .. Publish(version, "b", new string('2', 70_000), 1, 9)];
        await peer.SendAsync(FramePeer.Binary & FramePeer.NotLast, messages[..1]);
        await peer.SendAsync(FramePeer.Ping, 5);
        await peer.SendAsync(FramePeer.Continuation, messages[1..]);
        await peer.ExpectAsync(FramePeer.Pong, [5]);
        (await peer.ReadBinaryAsync(8)).ShouldBe([0x40, 2, 0, 8, 0x40, 2, 0, 9]);
        inbox.Messages.Select(message => (message.Topic, message.Text.Length)).ShouldBe([("a", 1), ("b", 70_000)]);
    }

    [Theory]
    [InlineData("81 02 D000")] // text
    [InlineData("82 82 00000000 D000")] // masked
    [InlineData("83 02 D000")]
    [InlineData("88 02 03E8")] // goodbye
    public async Task Client_FrameThatIsForbiddenOrTheLast_EndsTheConnection(string frame)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = Client(listener, 5);
        var connecting = client.ConnectAsync();
        using var peer = await FramePeer.AcceptAsync(listener);
        await peer.ReadAsync();
        await peer.SendAsync(FramePeer.Binary, 0x20, 3, 0, 0, 0);
        await connecting;
        await peer.SendRawAsync(Convert.FromHexString(frame.Replace(" ", "", StringComparison.Ordinal)));
        await peer.ExpectClosedAsync();
        await Eventually.True(() => client.State != MqttClientState.Connected);
    }

    private static Task<BrokerFixture> StartAsync() =>
        BrokerFixture.StartAsync(options => options.Listeners.Add(new MqttListenerOptions { Port = 0, WebSocket = new MqttWebSocketListenerOptions() }));

    private static MqttClient Client(TcpListener listener, int version) => new(new MqttClientOptions
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)listener.LocalEndpoint).Port,
        ProtocolVersion = version == 5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
        WebSocket = new MqttClientWebSocketOptions(),
    });
}
