using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Transport;

public class WebSocketTests
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_OverWebSocket_MessagesOfTenMegabytesTravelBothWays(bool secure)
    {
        using var certificates = new Certificates();
        await using var fixture = await StartAsync(listener => listener.Tls = secure ? certificates.Server() : null);
        var client = await fixture.ConnectAsync(configure: options =>
        {
            options.WebSocket = new MqttClientWebSocketOptions();
            options.Tls = secure ? new MqttClientTlsOptions { AuthorityFile = certificates.AuthorityFile } : null;
        });
        var payload = new byte[10_000_000];
        new Random(5).NextBytes(payload);
        var got = new TaskCompletionSource<byte[]>();
        await client.SubscribeAsync("large", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            got.TrySetResult(message.Payload.ToArray());
            return ValueTask.CompletedTask;
        });
        await client.PublishAsync("large", payload, MqttQualityOfService.AtLeastOnce);
        (await Eventually.Within(got.Task)).ShouldBe(payload);
        await client.DisconnectAsync();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_ClientOfDotNet_OpensAndClosesByTheBook()
    {
        await using var fixture = await StartAsync();
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("mqtt");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{fixture.Port}/mqtt"), CancellationToken.None);
        client.SubProtocol.ShouldBe("mqtt");
        var connect = PacketSamplesConnect();
        // Packets may begin and end anywhere, and a frame may be empty.
        foreach (byte one in connect)
            await client.SendAsync(new[] { one }, WebSocketMessageType.Binary, true, CancellationToken.None);
        await client.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Binary, true, CancellationToken.None);
        var buffer = new byte[1000];
        (await Eventually.Within(client.ReceiveAsync(buffer, CancellationToken.None))).MessageType.ShouldBe(WebSocketMessageType.Binary);
        buffer[0].ShouldBe((byte)0x20);
        await Eventually.Within(client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None));
        client.State.ShouldBe(WebSocketState.Closed);
    }

    [Fact]
    public async Task Receive_FrameOfText_ClosesWithOneLogLine()
    {
        await using var fixture = await StartAsync();
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("mqtt");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{fixture.Port}/mqtt"), CancellationToken.None);
        await client.SendAsync(PacketSamplesConnect(), WebSocketMessageType.Text, true, CancellationToken.None);
        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("binary frames only");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
    }

    [Fact]
    public async Task Receive_FrameThatBreaksTheRules_ClosesWithOneLogLine()
    {
        await using var fixture = await StartAsync();
        using var peer = new TcpClient();
        await peer.ConnectAsync("127.0.0.1", fixture.Port);
        (await AskAsync(peer, Request())).ShouldStartWith("HTTP/1.1 101");
        // A client's frame without a mask.
        await peer.GetStream().WriteAsync(new byte[] { 0x82, 8, 1, 2, 3, 4, 5, 6, 7, 8 });
        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("RFC 6455");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
    }

    [Fact]
    public async Task Accept_RequestOfTheSpecification_AnswersAsItSays()
    {
        await using var fixture = await StartAsync();
        using var peer = new TcpClient();
        await peer.ConnectAsync("127.0.0.1", fixture.Port);
        string answer = await AskAsync(peer, Request());
        answer.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        answer.ShouldContain("Sec-WebSocket-Protocol: mqtt");
    }

    [Theory]
    [InlineData("GET /mqtt", "GET /other", "404", "'/mqtt'")]
    [InlineData("GET /mqtt", "POST /mqtt", "400", "GET")]
    [InlineData("Version: 13", "Version: 8", "426", "version 13")]
    [InlineData("Protocol: mqtt", "Protocol: chat", "400", "'mqtt'")]
    [InlineData("Upgrade: websocket", "Upgrade: h2c", "400", "WebSocket")]
    [InlineData("Key: dGhl", "Key: ????", "400", "Sec-WebSocket-Key")]
    [InlineData("Host: ", "Host : ", "400", "name: value")]
    [InlineData("Host: ", "Origin: https://evil.example\r\nHost: ", "403", "https://evil.example")]
    [InlineData("Host: 127.0.0.1", "Origin: http://evil.example\r\nHost: evil.example", "403", "http://evil.example")]
    [InlineData("\r\n\r\n", "\r\n\r\nearly", "400", "before the answer")]
    public async Task Accept_RequestThatIsNotRight_IsAnsweredAndLoggedOnce(string right, string wrong, string status, string said)
    {
        await using var fixture = await StartAsync();
        using var peer = new TcpClient();
        await peer.ConnectAsync("127.0.0.1", fixture.Port);
        string answer = await AskAsync(peer, Request().Replace(right, wrong, StringComparison.Ordinal));
        answer.ShouldStartWith($"HTTP/1.1 {status}");
        answer.ShouldContain(said);
        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        string line = fixture.Log.Warnings.ShouldHaveSingleItem();
        line.ShouldContain(said);
        line.ShouldContain("127.0.0.1");
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("https://plant.example")]
    public async Task Accept_OriginThatMay_IsConnected(string origin)
    {
        await using var fixture = await StartAsync(listener =>
        {
            if (origin.Contains("plant"))
                listener.WebSocket!.AllowedOrigins.Add("https://plant.example");
        });
        using var peer = new TcpClient();
        await peer.ConnectAsync("127.0.0.1", fixture.Port);
        (await AskAsync(peer, Request().Replace("Host: ", $"Origin: {origin}\r\nHost: ", StringComparison.Ordinal))).ShouldStartWith("HTTP/1.1 101");
    }

    [Fact]
    public async Task Accept_HeadersWithoutEnd_AreRefusedWhenTooLongAndWhenTooLate()
    {
        await using var fixture = await StartAsync(configure: options => options.ConnectTimeout = TimeSpan.FromSeconds(3));
        using var endless = new TcpClient();
        await endless.ConnectAsync("127.0.0.1", fixture.Port);
        (await AskAsync(endless, "GET /mqtt HTTP/1.1\r\nCookie: " + new string('a', 20_000))).ShouldStartWith("HTTP/1.1 431");
        using var silent = new TcpClient();
        await silent.ConnectAsync("127.0.0.1", fixture.Port);
        (await AskAsync(silent, "GET /mqtt HTTP/1.1\r\n")).ShouldBeEmpty();
        await Eventually.True(() => fixture.Log.Warnings.Any(line => line.Contains("ConnectTimeout")));
    }

    [Fact]
    public async Task Connect_PathThatTheServerDoesNotHave_SaysWhatItAnswered()
    {
        await using var fixture = await StartAsync();
        var error = await Should.ThrowAsync<MqttException>(
            fixture.ConnectAsync(configure: options => options.WebSocket = new MqttClientWebSocketOptions { Path = "/other?token=hidden" }));
        error.Message.ShouldContain($"ws://127.0.0.1:{fixture.Port}/other:");
        error.Message.ShouldContain("404");
        error.Message.ShouldContain("WebSocket.Path");
        error.Message.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task Connect_HeadersSet_ArriveAtTheServer()
    {
        var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var client = new MqttClient(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port,
            WebSocket = new MqttClientWebSocketOptions { Headers = { ["Authorization"] = "Bearer abc" } },
        });
        var connecting = client.ConnectAsync();
        using var accepted = await Eventually.Within(listener.AcceptTcpClientAsync());
        var buffer = new byte[4000];
        int length = await Eventually.Within(accepted.GetStream().ReadAsync(buffer).AsTask());
        Encoding.ASCII.GetString(buffer, 0, length).ShouldContain("\r\nAuthorization: Bearer abc\r\n");
        listener.Stop();
        accepted.Dispose();
        await Should.ThrowAsync<MqttException>(connecting);
    }

    private static byte[] PacketSamplesConnect() => new ConnectPacket { Version = MqttProtocolVersion.V5, ClientId = "web", CleanStart = true }.Write();

    private static Task<BrokerFixture> StartAsync(Action<MqttListenerOptions>? change = null, Action<MqttBrokerOptions>? configure = null) =>
        BrokerFixture.StartAsync(options =>
        {
            var listener = new MqttListenerOptions { Port = 0, WebSocket = new MqttWebSocketListenerOptions() };
            change?.Invoke(listener);
            options.Listeners.Add(listener);
            configure?.Invoke(options);
        });

    private static string Request() =>
        $"GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";

    private static async Task<string> AskAsync(TcpClient peer, string request)
    {
        await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        var text = new StringBuilder();
        var buffer = new byte[4000];
        try
        {
            while (await Eventually.Within(peer.GetStream().ReadAsync(buffer).AsTask()) is > 0 and var length)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, length));
                if (text.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
                    break;
            }
        }
        catch (IOException)
        {
            // What came before the reset counts.
        }

        return text.ToString();
    }
}
