using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance;

/// <summary>What a client may not send, packet by packet: the connection ends, with the reason that the specification names.</summary>
public class BrokerRefusalTests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5;
    private const MqttReasonCode Malformed = MqttReasonCode.MalformedPacket, Broken = MqttReasonCode.ProtocolError;

    [Theory]
    [InlineData("10 10 0004 4D515454 05 02 0000 00 0003 787878", Broken)] // a second CONNECT [3.1.0-2]
    [InlineData("00 00", Broken)] // packet type 0
    [InlineData("20 03 00 00 00", Broken)] // CONNACK
    [InlineData("90 04 0001 00 00", Broken)] // SUBACK
    [InlineData("B0 04 0001 00 00", Broken)] // UNSUBACK
    [InlineData("D0 00", Broken)] // PINGRESP
    [InlineData("C0 80 80 80 80 01", Malformed)] // a length of five bytes
    [InlineData("C0 01 00", Malformed)] // PINGREQ with a content
    [InlineData("36 07 0001 61 0001 00 78", Malformed)] // QoS 3 [3.3.1-4]
    [InlineData("38 05 0001 61 00 78", Malformed)] // DUP with QoS 0 [3.3.1-2]
    [InlineData("30 06 0002 612B 00 78", MqttReasonCode.TopicNameInvalid)] // wildcard [3.3.2-2]
    [InlineData("30 06 0002 6100 00 78", Malformed)] // U+0000 [1.5.4-2]
    [InlineData("30 07 0003 EDA080 00 78", Malformed)] // half a surrogate pair [1.5.4-1]
    [InlineData("32 07 0001 61 0000 00 78", Broken)] // packet identifier 0 [2.2.1-3]
    [InlineData("30 07 0001 61 02 0B01 78", Broken)] // subscription identifier from a client [3.3.4-6]
    [InlineData("30 08 0001 61 03 230000 78", MqttReasonCode.TopicAliasInvalid)] // alias 0 [3.3.2-8]
    [InlineData("30 08 0001 61 03 23FFFF 78", MqttReasonCode.TopicAliasInvalid)] // alias above the maximum [3.3.2-9]
    [InlineData("30 07 0000 03 230001 78", Broken)] // alias that stands for nothing yet
    [InlineData("30 0A 0001 61 05 0800022F2B 78", Broken)] // response topic with a wildcard [3.3.2-14]
    [InlineData("60 02 0001", Malformed)] // flags of PUBREL [3.6.1-1]
    [InlineData("41 02 0001", Malformed)] // flags of PUBACK
    [InlineData("62 03 0001 10", Malformed)] // reason that PUBREL does not have [3.6.2-1]
    [InlineData("80 07 0001 00 0001 61 00", Malformed)] // flags of SUBSCRIBE [3.8.1-1]
    [InlineData("82 03 0001 00", Broken)] // no filter [3.8.3-2]
    [InlineData("82 07 0001 00 0001 61 03", Broken)] // maximum QoS 3
    [InlineData("82 07 0001 00 0001 61 30", Broken)] // retain handling 3
    [InlineData("82 07 0001 00 0001 61 40", Malformed)] // reserved option [3.8.3-5]
    [InlineData("82 09 0001 02 0B00 0001 61 00", Broken)] // subscription identifier 0
    [InlineData("82 0B 0001 04 0B010B02 0001 61 00", Broken)] // two of them
    [InlineData("82 10 0001 00 000A 2473686172652F672F61 04", Broken)] // shared, not local [3.8.3-4]
    [InlineData("82 06 0001 00 0000 00", Malformed)] // an empty filter [4.7.3-1]
    [InlineData("A0 06 0001 00 0001 61", Malformed)] // flags of UNSUBSCRIBE [3.10.1-1]
    [InlineData("A2 03 0001 00", Broken)] // no filter [3.10.3-2]
    [InlineData("E1 00", Malformed)] // flags of DISCONNECT [3.14.1-1]
    [InlineData("E0 07 00 05 11 0000000A", Broken)] // expiry raised from 0
    [InlineData("E0 06 9C 04 1C000178", Broken)] // server reference from a client
    [InlineData("F0 02 18 00", Broken)] // AUTH without a method [4.12.0-6]
    public async Task Receive_ForbiddenIn5_DisconnectsWithTheReason(string packet, MqttReasonCode reason)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.SendAsync(Bytes(packet));
        var last = await peer.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, V5).Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("10 0D 0004 4D515454 04 02 0000 0001 78")] // a second CONNECT
    [InlineData("F0 00")]
    [InlineData("36 06 0001 61 0001 78")]
    [InlineData("38 04 0001 61 78")]
    [InlineData("30 05 0002 6123 78")]
    [InlineData("30 02 0000")]
    [InlineData("32 06 0001 61 0000 78")]
    [InlineData("60 02 0001")]
    [InlineData("80 06 0001 0001 61 00")]
    [InlineData("82 02 0001")]
    [InlineData("82 06 0001 0001 61 03")]
    [InlineData("82 06 0001 0001 61 04")]
    [InlineData("A0 05 0001 0001 61")]
    [InlineData("A2 02 0001")]
    [InlineData("82 05 0001 0000 00")]
    [InlineData("A2 04 0001 0000")]
    [InlineData("E1 00")]
    public async Task Receive_ForbiddenIn311_ClosesWithoutAWord(string packet)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "x");
        await peer.SendAsync(Bytes(packet));
        (await peer.ReadToEndAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("a/#/b")] // [4.7.1-1]
    [InlineData("#/a")]
    [InlineData("a#")]
    [InlineData("a/b+")] // [4.7.1-2]
    [InlineData("+a/b")]
    [InlineData("a/++/b")]
    [InlineData("$share/")] // [4.8.2-1]
    [InlineData("$share//")]
    [InlineData("$share//a")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share/g/a#")]
    [InlineData("$share/#/a")] // [4.8.2-2]
    [InlineData("$share/+/a")]
    [InlineData("$share/g+/a")]
    public async Task Receive_TextThatIsNoFilter_EndsTheConnectionAndChangesNothing(string filter)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        foreach (var version in new[] { V5, MqttProtocolVersion.V311 })
        {
            foreach (var type in new[] { PacketType.Subscribe, PacketType.Unsubscribe })
            {
                using var peer = await RawPeer.OpenAsync(fixture.Port, version, "x");
                var packet = new PacketBuilder().UInt16(7);
                if (version == V5)
                    packet.BeginProperties().EndProperties();
                // What stands before it in the same packet is not obeyed either.
                byte[] sent = type == PacketType.Subscribe
                    ? packet.Text("good").Byte(1).Text(filter).Byte(1).Build(type, 2)
                    : packet.Text("good").Text(filter).Build(type, 2);
                using var seen = fixture.Listen();
                await peer.SendAsync(sent);
                if (await peer.ReadToEndAsync() is { } last)
                    DisconnectPacket.Read(last.First, last.Body, version).Reason.ShouldBe(Malformed);
                else
                    version.ShouldBe(MqttProtocolVersion.V311);
                seen[MqttInstruments.BrokerSubscriptions].ShouldBe(0);
            }
        }
    }

    [Theory]
    [InlineData("0004 4D515454 05 03 0000 00 0001 78", Malformed)] // reserved flag [3.1.2-3]
    [InlineData("0004 4D515454 05 1E 0000 00 0001 78 00 0001 61 0000", Malformed)] // will with QoS 3 [3.1.2-12]
    [InlineData("0004 4D515454 05 0A 0000 00 0001 78", Malformed)] // QoS without a will [3.1.2-11]
    [InlineData("0004 4D515454 05 22 0000 00 0001 78", Malformed)] // retain without a will [3.1.2-13]
    [InlineData("0004 4D515454 05 06 0000 00 0001 78 00 0001 23 0000", MqttReasonCode.TopicNameInvalid)]
    [InlineData("0004 4D515454 05 06 0000 00 0001 78 02 0101 0001 61 0001 FF", MqttReasonCode.PayloadFormatInvalid)]
    [InlineData("0004 4D515454 05 02 0000 03 210000 0001 78", Broken)] // receive maximum 0
    [InlineData("0004 4D515454 05 02 0000 05 2700000000 0001 78", Broken)] // maximum packet size 0
    [InlineData("0004 4D515454 05 02 0000 02 1702 0001 78", Broken)] // request problem information 2
    [InlineData("0004 4D515454 05 02 0000 04 17011701 0001 78", Broken)] // a property twice
    [InlineData("0004 4D515454 05 02 0000 04 16000178 0001 78", Broken)] // authentication data without a method
    [InlineData("0004 4D515454 05 02 0000 04 15000178 0001 78", MqttReasonCode.BadAuthenticationMethod)]
    [InlineData("0004 4D515454 05 02 0000 00 0001 FF", Malformed)] // client identifier that is no UTF-8 [3.1.3-4]
    [InlineData("0004 4D515454 05 02 0000 00 0001 78 00", Malformed)] // more than the flags say
    [InlineData("0004 4D515454 05 82 0000 00 0001 78", Malformed)] // less [3.1.2-17]
    public async Task Connect_ForbiddenIn5_IsAnsweredWithTheReason(string body, MqttReasonCode reason)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        byte[] bytes = Bytes(body);
        await peer.SendAsync([0x10, (byte)bytes.Length, .. bytes]);
        var last = await peer.ReadToEndAsync();
        var answer = ConnAckPacket.Read(last!.Value.First, last.Value.Body, V5);
        (answer.Reason, answer.SessionPresent).ShouldBe((reason, false));
    }

    [Theory]
    [InlineData("30 05 0001 61 00 78")] // PUBLISH [3.1.0-1]
    [InlineData("C0 00")]
    [InlineData("10 0D 0004 4D515454 04 03 0000 0001 78")]
    [InlineData("10 0F 0004 4D515454 04 42 0000 0001 78 0000")] // password without a user name [3.1.2-22 of 3.1.1]
    [InlineData("11 0D 0004 4D515454 04 02 0000 0001 78")] // flags of CONNECT
    public async Task Connect_FirstPacketIsNoneThatCouldBeAnswered_Closes(string packet)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        await peer.SendAsync(Bytes(packet));
        (await peer.ReadToEndAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Receive_BehindDisconnectOrBehindARefusedConnect_IsNotLookedAt()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.AllowAnonymousFromLoopback = false, broker => broker.Authenticate = context =>
            new(context.ClientId == "x" ? MqttReasonCode.Success : MqttReasonCode.NotAuthorized));
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        using (var left = await RawPeer.OpenAsync(fixture.Port, V5, "x"))
        {
            await left.SendAsync(Bytes("30 05 0001 61 00 31  E0 00  30 05 0001 61 00 32"));
            await left.ReadToEndAsync();
        }

        using var refused = await RawPeer.ConnectAsync(fixture.Port);
        await refused.SendAsync([.. new ConnectPacket { Version = V5, ClientId = "y", CleanStart = true }.Write(), .. Bytes("30 05 0001 61 00 33")]);
        var last = await refused.ReadToEndAsync();
        ConnAckPacket.Read(last!.Value.First, last.Value.Body, V5).Reason.ShouldBe(MqttReasonCode.NotAuthorized);
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        inbox.Texts.ShouldBe(["1"]);
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("'y'");
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
