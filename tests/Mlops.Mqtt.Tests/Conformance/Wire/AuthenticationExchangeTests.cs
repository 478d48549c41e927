using System.Text;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;
using static Mlops.Mqtt.Tests.Conformance.Wire.Packets;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>Enhanced authentication, step by step on the wire (MQTT 5, section 4.12).</summary>
public class AuthenticationExchangeTests
{
    private const byte Auth = 0xF0, Continue = 0x18, Again = 0x19, Method = 21, Data = 22;

    [Fact]
    public async Task Broker_TwoChallenges_AreAskedAndTheLastWordComesWithConnAck()
    {
        await using var fixture = await StartAsync();
        using var peer = await Peer.DialAsync(fixture.Port, 5);
        await peer.SendAsync(Connect(5, "x", properties: Said("me")));
        await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 1")));
        await peer.SendAsync(Packet(Auth, Body(Continue, [.. UserProperty("a", "1"), .. Said("answer 1")])));
        await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 2")));
        await peer.SendAsync(Packet(Auth, Body(Continue, Said("answer 2"))));
        var (first, body) = await peer.ReadAsync();
        (first, body[0], body[1]).ShouldBe(((byte)0x20, (byte)0, (byte)0));
        Convert.ToHexString(body[3..]).ShouldContain(Convert.ToHexString(Said("welcome")));
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("wrong", 0x87)]
    [InlineData("banned", 0x8A)]
    [InlineData("", 0x87)]
    public async Task Broker_WrongAnswer_RefusesWithConnAckAndCloses(string answer, byte reason)
    {
        await using var fixture = await StartAsync();
        using var peer = await Peer.DialAsync(fixture.Port, 5);
        await peer.SendAsync(Connect(5, "x", properties: Said("me")));
        await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 1")));
        await peer.SendAsync(Packet(Auth, Body(Continue, Said(answer))), Publish(5, "a", "not looked at"));
        var (first, body) = await peer.ReadAsync();
        (first, body[0], body[1]).ShouldBe(((byte)0x20, (byte)0, reason));
        await peer.ExpectClosedAsync();
        fixture.Broker.Counters.MessagesReceived.ShouldBe(0);
    }

    [Fact]
    public async Task Broker_MethodThatItDoesNotKnow_IsRefused()
    {
        await using var fixture = await StartAsync();
        using var peer = await Peer.DialAsync(fixture.Port, 5);
        await peer.SendAsync(Connect(5, "x", properties: Property(Method, "unheard of")));
        (await peer.ReadAsync()).Body[1].ShouldBe((byte)0x8C);
        await peer.ExpectClosedAsync();
    }

    [Theory]
    [InlineData("C0 00")] // PINGREQ
    [InlineData("30 04 0001 61 00")] // PUBLISH
    [InlineData("82 07 0001 00 0001 61 00")] // SUBSCRIBE
    [InlineData("F0 02 19 00")] // to authenticate again, before the first time is over
    [InlineData("F0 00")] // success is the broker's to say
    [InlineData("F0 09 18 07 15 0004 6F746872")] // another method [4.12.0-5]
    [InlineData("F0 02 18 00")] // none
    public async Task Broker_AnythingButTheAnswerBeforeConnAck_EndsTheConnection(string packet)
    {
        await using var fixture = await StartAsync();
        using var peer = await Peer.DialAsync(fixture.Port, 5);
        await peer.SendAsync(Connect(5, "x", properties: Said("me")));
        await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 1")));
        await peer.SendAsync(Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal)));
        var (first, body) = await peer.ReadAsync();
        // No DISCONNECT before CONNACK [3.14.0-1].
        (first, body[1]).ShouldBe(((byte)0x20, (byte)0x82));
        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task Broker_ClientLeavesInTheMiddle_IsLetGo()
    {
        await using var fixture = await StartAsync();
        using var peer = await Peer.DialAsync(fixture.Port, 5);
        await peer.SendAsync(Connect(5, "x", properties: Said("me")));
        await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 1")));
        await peer.SendAsync([0xE0, 0]);
        await peer.ExpectClosedAsync();
        fixture.Log.Warnings.ShouldBeEmpty();
        fixture.Broker.Counters.Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task Broker_AuthenticatedAgain_MessagesPassMeanwhile()
    {
        await using var fixture = await StartAsync();
        using var peer = await EnterAsync(fixture);
        for (int i = 0; i < 2; i++)
        {
            await peer.SendAsync(Packet(Auth, Body(Again, Said("me"))));
            await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 1")));
            await peer.PublishAsync("a", "meanwhile", 1);
            await peer.SendAsync(Packet(Auth, Body(Continue, Said("answer 1"))));
            await peer.ExpectAsync(Auth, Body(Continue, Said("challenge 2")));
            await peer.SendAsync(Packet(Auth, Body(Continue, Said("answer 2"))));
            await peer.ExpectAsync(Auth, Body(0, Said("welcome")));
        }

        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(Again, "nobody", 0x87)] // [4.12.1-2]
    [InlineData(Continue, "answer 1", 0x82)] // nothing was asked
    [InlineData(0, "me", 0x82)]
    public async Task Broker_AuthenticatedAgainWrongly_Disconnects(byte reason, string said, byte told)
    {
        await using var fixture = await StartAsync();
        using var peer = await EnterAsync(fixture);
        await peer.SendAsync(Packet(Auth, Body(reason, Said(said))));
        await peer.ExpectClosedAsync(told);
    }

    [Theory]
    [InlineData("F0 09 18 07 15 0004 6F746872")]
    [InlineData("F0 02 19 00")]
    public async Task Broker_ClientThatNamedNoMethod_MayNotSendAuth(string packet)
    {
        await using var fixture = await StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        await peer.SendAsync(Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal)));
        await peer.ExpectClosedAsync(0x82);
    }

    [Fact]
    public async Task Client_AskedTwice_AnswersWithItsMethodAndIsConnected()
    {
        using var broker = new Listener();
        await using var client = Client(broker);
        var connecting = client.ConnectAsync();
        var (peer, connect) = await broker.ReadConnectAsync(5);
        using var opened = peer;
        Convert.ToHexString(connect).ShouldContain(Convert.ToHexString(Said("to: ")));
        foreach (int round in new[] { 1, 2 })
        {
            await peer.SendAsync(Packet(Auth, Body(Continue, Said($"challenge {round}"))));
            await peer.ExpectAsync(Auth, Body(Continue, Said($"to: challenge {round}")));
        }

        await peer.SendAsync(Packet(0x20, [0, .. Body(0, Said("welcome"))]));
        await Eventually.Within(connecting);

        var again = client.ReauthenticateAsync();
        await peer.ExpectAsync(Auth, Body(Again, Said("to: ")));
        await peer.SendAsync(Publish(5, "a", "meanwhile", 1, 4), Packet(Auth, Body(Continue, Said("challenge 3"))));
        byte[] seen = [(await peer.ReadAsync()).First, (await peer.ReadAsync()).First];
        seen.Order().ShouldBe([(byte)0x40, Auth]);
        again.IsCompleted.ShouldBeFalse();
        await peer.SendAsync(Packet(Auth, Body(0, Said("welcome"))));
        await Eventually.Within(again);
    }

    [Theory]
    [InlineData("F0 09 18 07 15 0004 6F746872")] // another method
    [InlineData("F0 00")] // success before CONNACK
    [InlineData("F0 02 19 00")] // only clients begin again [4.12.1-1]
    [InlineData("30 04 0001 61 00")]
    public async Task Client_AnythingElseBeforeConnAck_EndsTheConnection(string packet)
    {
        using var broker = new Listener();
        await using var client = Client(broker);
        var connecting = client.ConnectAsync();
        var (peer, _) = await broker.ReadConnectAsync(5);
        using var opened = peer;
        await peer.SendAsync(Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal)));
        await Should.ThrowAsync<MqttException>(Eventually.Within(connecting));
        await peer.ExpectClosedAsync();
    }

    private static Task<BrokerFixture> StartAsync() => BrokerFixture.StartAsync(prepare: broker => broker.AddAuthenticationMethod("TWICE", _ => new Asking()));

    private static async Task<Peer> EnterAsync(BrokerFixture fixture)
    {
        var peer = await Peer.DialAsync(fixture.Port, 5);
        await peer.SendAsync(
            Connect(5, "x", properties: Said("me")), Packet(Auth, Body(Continue, Said("answer 1"))), Packet(Auth, Body(Continue, Said("answer 2"))));
        foreach (byte first in new byte[] { Auth, Auth, 0x20 })
            (await peer.ReadAsync()).First.ShouldBe(first);
        return peer;
    }

    private static MqttClient Client(Listener broker) => new(new MqttClientOptions
    {
        Host = "127.0.0.1",
        Port = broker.Port,
        AuthenticationMethod = "TWICE",
        AuthenticationExchange = () => new Answering(),
    });

    private static byte[] Said(string data) => [.. Property(Method, "TWICE"), .. Property(Data, data)];

    private static byte[] Body(byte reason, byte[] properties) => [reason, .. Variable(properties.Length), .. properties];

    private sealed class Asking : IMqttAuthenticationExchange
    {
        private int step;

        public ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => new(
            (step++, Encoding.UTF8.GetString(data.Span)) switch
            {
                (0, "me") => new(MqttReasonCode.ContinueAuthentication, "challenge 1"u8.ToArray()),
                (1, "answer 1") => new(MqttReasonCode.ContinueAuthentication, "challenge 2"u8.ToArray()),
                (2, "answer 2") => new(MqttReasonCode.Success, "welcome"u8.ToArray()),
                (_, "banned") => new(MqttReasonCode.Banned),
                _ => new MqttAuthenticationStep(MqttReasonCode.NotAuthorized),
            });
    }

    private sealed class Answering : IMqttAuthenticationExchange
    {
        public ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            new(new MqttAuthenticationStep(MqttReasonCode.ContinueAuthentication, (byte[])[.. "to: "u8, .. data.Span]));
    }
}
