using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance;

/// <summary>The client against a broker that does only what a test says: what it may not be sent, and what it may not send (MQTT 5).</summary>
public class ClientTests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5;
    private const MqttReasonCode Malformed = MqttReasonCode.MalformedPacket, Broken = MqttReasonCode.ProtocolError;

    [Theory]
    [InlineData("36 07 0001 61 0001 00 78", Malformed)] // QoS 3
    [InlineData("38 05 0001 61 00 78", Malformed)] // DUP with QoS 0
    [InlineData("30 06 0002 6123 00 78", MqttReasonCode.TopicNameInvalid)] // wildcard
    [InlineData("30 06 0002 6100 00 78", Malformed)] // U+0000
    [InlineData("32 07 0001 61 0000 00 78", Broken)] // packet identifier 0
    [InlineData("30 08 0001 61 03 230000 78", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("30 08 0001 61 03 230041 78", MqttReasonCode.TopicAliasInvalid)] // 65, where 64 are allowed
    [InlineData("30 07 0000 03 230001 78", Broken)] // alias that stands for nothing yet
    [InlineData("30 04 0000 00 78", Broken)] // neither topic nor alias
    [InlineData("20 03 00 00 00", Broken)] // a second CONNACK
    [InlineData("82 07 0001 00 0001 61 00", Broken)] // SUBSCRIBE
    [InlineData("A2 06 0001 00 0001 61", Broken)] // UNSUBSCRIBE
    [InlineData("C0 00", Broken)] // PINGREQ
    [InlineData("10 0D 0004 4D515454 05 02 0000 00 0000", Broken)] // CONNECT
    [InlineData("F0 02 18 00", Broken)] // AUTH that nobody has begun [4.12.0-6]
    [InlineData("60 02 0001", Malformed)] // flags of PUBREL
    [InlineData("D0 01 00", Malformed)] // PINGRESP with a content
    [InlineData("90 05 F001 00 00 00", Broken)] // SUBACK with more reasons than filters
    [InlineData("E0 07 00 05 11 0000000A", Broken)] // a broker may not change the expiry [3.14.2-2]
    [InlineData("30 82 08", MqttReasonCode.PacketTooLarge)] // 1026 bytes behind the header, where 1024 are allowed
    public async Task Receive_ForbiddenPacket_DisconnectsWithTheReason(string packet, MqttReasonCode reason)
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker, options => options.MaxPacketSize = 1024);
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(sessionPresent: false);
        await connecting;
        await peer.SendAsync(Bytes(packet));
        var (type, body) = await peer.ReadTypeAsync();
        type.ShouldBe(PacketType.Disconnect);
        DisconnectPacket.Read(0xE0, body, V5).Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task Receive_MoreThanReceiveMaximum_DisconnectsWithTheReason()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker, options => (options.ReceiveMaximum, options.ManualAcknowledgement) = (2, true));
        await client.SubscribeAsync("a", MqttQualityOfService.ExactlyOnce, new Inbox().Take);
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(sessionPresent: false);
        await peer.ReadTypeAsync();
        await peer.SendAsync(Bytes("90 04 F001 00 02  34 07 0001 61 0001 00 78  34 07 0001 61 0002 00 78  34 07 0001 61 0003 00 78"));
        var (type, body) = await peer.ReadTypeAsync();
        type.ShouldBe(PacketType.Disconnect);
        DisconnectPacket.Read(0xE0, body, V5).Reason.ShouldBe(MqttReasonCode.ReceiveMaximumExceeded);
        await Task.WhenAny(connecting);
    }

    [Fact]
    public async Task Receive_ExactlyOnceRepeatedOverConnections_IsHandedOnOnce()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker, options => (options.CleanStart, options.SessionExpiry, options.ClientId) = (false, TimeSpan.FromHours(1), "x"));
        var inbox = new Inbox();
        await client.SubscribeAsync("a", MqttQualityOfService.ExactlyOnce, inbox.Take);
        var starting = client.StartAsync();
        using (var peer = await broker.AcceptAsync(sessionPresent: false))
        {
            await peer.ReadTypeAsync();
            await peer.SendAsync(Bytes("90 04 F001 00 02  34 07 0001 61 0007 00 31"));
            (await peer.ReadTypeAsync()).Type.ShouldBe(PacketType.PubRec);
        }

        using var again = await broker.AcceptAsync(sessionPresent: true);
        await again.SendAsync(Bytes("3C 07 0001 61 0007 00 31"));
        (await again.ReadTypeAsync()).ShouldSatisfyAllConditions(packet => packet.Type.ShouldBe(PacketType.PubRec), packet => packet.Body.ShouldBe([0, 7]));
        await again.SendAsync(Bytes("62 02 0007"));
        (await again.ReadTypeAsync()).ShouldSatisfyAllConditions(packet => packet.Type.ShouldBe(PacketType.PubComp), packet => packet.Body.ShouldBe([0, 7]));
        await again.SendAsync(Bytes("62 02 0007"));
        (await again.ReadTypeAsync()).ShouldSatisfyAllConditions(packet => packet.Type.ShouldBe(PacketType.PubComp), packet => packet.Body.ShouldBe([0, 7, 0x92]));
        inbox.Texts.ShouldBe(["1"]);
        await starting;
    }

    [Fact]
    public async Task ConnAck_SessionAlthoughACleanStartWasAskedFor_EndsTheConnection()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker);
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(sessionPresent: true);
        (await Should.ThrowAsync<MqttException>(connecting)).ReasonCode.ShouldBe(Broken);
    }

    [Fact]
    public async Task ConnAck_WhatTheBrokerDoesNotOffer_IsNotSent()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker);
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(new ConnAckPacket
        {
            MaximumQoS = MqttQualityOfService.AtMostOnce,
            RetainAvailable = false,
            WildcardSubscriptionsAvailable = false,
            SharedSubscriptionsAvailable = false,
            SubscriptionIdentifiersAvailable = false,
            MaximumPacketSize = 100,
        });
        await connecting;
        var inbox = new Inbox();
        await FailsAsync(async () => await client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce), MqttReasonCode.QoSNotSupported);
        await FailsAsync(async () => await client.PublishAsync("a", default, retain: true), MqttReasonCode.RetainNotSupported);
        await FailsAsync(async () => await client.SubscribeAsync("a/+", MqttQualityOfService.AtMostOnce, inbox.Take), MqttReasonCode.WildcardSubscriptionsNotSupported);
        await FailsAsync(async () => await client.SubscribeAsync("$share/g/a", MqttQualityOfService.AtMostOnce, inbox.Take), MqttReasonCode.SharedSubscriptionsNotSupported);
        await FailsAsync(async () => await client.SubscribeAsync(new string('a', 100), MqttQualityOfService.AtMostOnce, inbox.Take), MqttReasonCode.PacketTooLarge);
        await client.PublishAsync("a", new byte[100]);
        var subscribing = client.SubscribeAsync("a", MqttQualityOfService.AtMostOnce, inbox.Take);
        // The first that comes at all, and without an identifier.
        var (type, body) = await peer.ReadTypeAsync();
        type.ShouldBe(PacketType.Subscribe);
        body[2..].ShouldBe(Bytes("00 0001 61 00"));
        await peer.SendAsync([0x90, 4, body[0], body[1], 0, 0]);
        await subscribing;
    }

    [Fact]
    public async Task Publish_ReceiveMaximumOfTheBroker_IsNeverExceeded()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker);
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(new ConnAckPacket { ReceiveMaximum = 1 });
        await connecting;
        var first = client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask();
        var second = client.PublishAsync("a", default, MqttQualityOfService.ExactlyOnce).AsTask();
        var (id, _) = await peer.ReadPublishAsync();
        var subscribing = client.SubscribeAsync("b", MqttQualityOfService.AtMostOnce, new Inbox().Take);
        var (type, body) = await peer.ReadTypeAsync();
        type.ShouldBe(PacketType.Subscribe, "the second message waits");
        await peer.SendAsync([0x90, 4, body[0], body[1], 0, 0]);
        await subscribing;
        await peer.AcknowledgeAsync(id);
        await Eventually.Within(first);
        (id, _) = await peer.ReadPublishAsync();
        await peer.SendAsync([0x50, 3, (byte)(id >> 8), (byte)id, 0x97]);
        (await Should.ThrowAsync<MqttException>(Eventually.Within(second))).ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        // The refusal has ended the exchange: no PUBREL, and the window is open again.
        var third = client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask();
        (id, _) = await peer.ReadPublishAsync();
        await peer.AcknowledgeAsync(id);
        await Eventually.Within(third);
    }

    [Fact]
    public async Task KeepAlive_BrokerSetsItsOwn_IsUsedInsteadOfTheClients()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker, options => options.KeepAlive = TimeSpan.FromHours(1));
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(new ConnAckPacket { ServerKeepAliveSeconds = 2 });
        (await connecting).KeepAlive.ShouldBe(TimeSpan.FromSeconds(2));
        (await peer.ReadAsync()).First.ShouldBe((byte)0xC0);
    }

    private static MqttClient Client(ScriptedBroker broker, Action<MqttClientOptions>? configure = null)
    {
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ReconnectDelay = TimeSpan.FromMilliseconds(20) };
        configure?.Invoke(options);
        return new MqttClient(options);
    }

    private static async Task FailsAsync(Func<Task> action, MqttReasonCode reason) => (await Should.ThrowAsync<MqttException>(action)).ReasonCode.ShouldBe(reason);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
