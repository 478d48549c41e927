using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class BrokerTests
{
    public static TheoryData<MqttProtocolVersion> Versions => [MqttProtocolVersion.V311, MqttProtocolVersion.V5];

    [Fact]
    public async Task StartAsync_PortInUse_NamesItAndTheRemedy()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var second = new MqttBroker(new MqttBrokerOptions { Port = fixture.Port });
        var error = await Should.ThrowAsync<IOException>(second.StartAsync());
        error.Message.ShouldContain($"127.0.0.1:{fixture.Port}");
        error.Message.ShouldContain("in use");
        second.Port.ShouldBe(0);
    }

    [Fact]
    public async Task StopAsync_ThenStart_KeepsRetainedMessagesAndTellsClients()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.PublishAsync("kept", "x"u8.ToArray(), retain: true);
        var client = await fixture.ConnectAsync();
        var lost = new TaskCompletionSource<MqttStateChange>();
        client.StateChanged += change => lost.TrySetResult(change);
        await fixture.Broker.StopAsync();
        (await Eventually.Within(lost.Task)).Reason.ShouldBe(MqttReasonCode.ServerShuttingDown);
        fixture.Broker.Counters.ConnectedClients.ShouldBe(0);
        await fixture.Broker.StartAsync();
        var inbox = new Inbox();
        var again = await fixture.ConnectAsync();
        await again.SubscribeAsync("kept", MqttQualityOfService.AtMostOnce, inbox.Take);
        await Eventually.True(() => inbox.Count == 1);
    }

    [Fact]
    public async Task ConnAck_Version5_AdvertisesTheLimits()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxSessionExpiry = TimeSpan.FromSeconds(100));
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        await peer.SendAsync(new ConnectPacket { Version = MqttProtocolVersion.V5, CleanStart = true, SessionExpirySeconds = 1000 }.Write());
        var (first, body) = await peer.ReadPacketAsync();
        var packet = ConnAckPacket.Read(first, body, MqttProtocolVersion.V5);
        packet.MaximumQoS.ShouldBe(MqttQualityOfService.ExactlyOnce);
        packet.ReceiveMaximum.ShouldBe((ushort)8192);
        packet.MaximumPacketSize.ShouldBe(16u * 1024 * 1024);
        packet.SharedSubscriptionsAvailable.ShouldBeTrue();
        packet.TopicAliasMaximum.ShouldBe((ushort)64);
        packet.SessionExpirySeconds.ShouldBe(100u);
        packet.AssignedClientId.ShouldNotBeNullOrEmpty();
        packet.SessionPresent.ShouldBeFalse();
    }

    [Theory]
    [InlineData(3, 1)] // MQTT 3.1
    [InlineData(6, 1)]
    public async Task Connect_OtherVersion_IsRefusedInTheFormOf311(byte level, byte code)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        await peer.SendAsync(0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', level, 2, 0, 0, 0, 1, (byte)'x');
        var (first, body) = await peer.ReadPacketAsync();
        (first, body[1]).ShouldBe(((byte)0x20, code));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Connect_NameInUse_TakesOverSessionAndMessages(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var first = await RawPeer.OpenAsync(fixture.Port, version, "press", cleanStart: false, expiry: 60);
        await first.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), version));
        await first.ReadPacketAsync();
        await fixture.Broker.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        var (type, body) = await first.ReadPacketAsync();
        ushort id = PublishPacket.Read(type, body, version).PacketId;

        using var second = await RawPeer.OpenAsync(fixture.Port, version, "press", cleanStart: false, expiry: 60);
        var last = await first.ReadToEndAsync();
        if (version == MqttProtocolVersion.V5)
            DisconnectPacket.Read(last!.Value.First, last.Value.Body, version).Reason.ShouldBe(MqttReasonCode.SessionTakenOver);
        var (againType, againBody) = await second.ReadPacketAsync();
        var again = PublishPacket.Read(againType, againBody, version);
        again.PacketId.ShouldBe(id);
        (again.Flags & PublishFlags.Duplicate).ShouldBe(PublishFlags.Duplicate);
        fixture.Broker.Counters.Sessions.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Session_NotKept_EndsWithTheConnection(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var client = await fixture.ConnectAsync(version, "brief");
        await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        await client.DisposeAsync();
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 0);
    }

    [Fact]
    public async Task Session_ExpiryOver_IsRemoved()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using (await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "expiring", cleanStart: false, expiry: 1))
            fixture.Broker.Counters.Sessions.ShouldBe(1);
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 0);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Authorize_Denied_PublishesAndSubscriptionsAreRefused(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync(
            prepare: broker => broker.Authorize = static (in MqttAuthorizationContext context) => !context.Topic.StartsWith("secret", StringComparison.Ordinal));
        var seen = new Inbox();
        using var watch = fixture.Broker.Subscribe("#", seen.Take);
        var client = await fixture.ConnectAsync(version);
        await Should.ThrowAsync<MqttException>(client.SubscribeAsync("secret/#", MqttQualityOfService.AtMostOnce, new Inbox().Take));
        var publish = client.PublishAsync("secret/x", default, MqttQualityOfService.AtLeastOnce).AsTask();
        if (version == MqttProtocolVersion.V5)
            (await Should.ThrowAsync<MqttException>(Eventually.Within(publish))).ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
        else
            await Eventually.Within(publish);
        await client.PublishAsync("open", default, MqttQualityOfService.AtLeastOnce);
        seen.Messages.Select(message => message.Topic).ShouldBe(["open"]);
        fixture.Broker.Counters.ActionsDenied.ShouldBe(2);
    }

    [Fact]
    public async Task Authenticate_Hook_SeesWhatTheClientPresents()
    {
        MqttAuthenticationContext? seen = null;
        byte[] password = [];
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.Authenticate = async context =>
        {
            await Task.Yield();
            (seen, password) = (context, context.Password.ToArray());
            return context.UserName == "ok" ? MqttReasonCode.Success : MqttReasonCode.Banned;
        });
        (await Should.ThrowAsync<MqttException>(fixture.ConnectAsync())).ReasonCode.ShouldBe(MqttReasonCode.Banned);
        await fixture.ConnectAsync(clientId: "press", configure: options => (options.UserName, options.Password) = ("ok", "pw"));
        seen!.ClientId.ShouldBe("press");
        password.ShouldBe("pw"u8.ToArray());
        seen.RemoteEndPoint!.ToString()!.ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task AllowAnonymousFromLoopback_Off_RefusesTheNameless()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.AllowAnonymousFromLoopback = false);
        (await Should.ThrowAsync<MqttException>(fixture.ConnectAsync())).ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Publish_FromTheHost_ReachesClientsAndSubscribersInTheProcess()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inside = new Inbox();
        var outside = new Inbox();
        var client = await fixture.ConnectAsync();
        await client.SubscribeAsync("a/+", MqttQualityOfService.AtLeastOnce, outside.Take);
        using (fixture.Broker.Subscribe("a/#", inside.Take))
            await fixture.Broker.PublishAsync("a/b", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
        await fixture.Broker.PublishAsync("a/b", "y"u8.ToArray());
        await Eventually.True(() => outside.Count == 2);
        outside.Texts.ShouldBe(["x", "y"]);
        inside.Texts.ShouldBe(["x"]);
        inside.Messages[0].Retain.ShouldBeFalse();
    }

    [Fact]
    public async Task Subscribe_OverlappingFiltersOfOneClient_OneCopyWithTheHighestQuality()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "double");
        await peer.SendAsync(SubscribePacket.Write(1, 11, "a/#", new SubscriptionOptions(MqttQualityOfService.AtMostOnce), MqttProtocolVersion.V5));
        await peer.ReadPacketAsync();
        await peer.SendAsync(SubscribePacket.Write(2, 12, "a/b", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V5));
        await peer.ReadPacketAsync();
        await fixture.Broker.PublishAsync("a/b", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await fixture.Broker.PublishAsync("a/c", "y"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        var (first, body) = await peer.ReadPacketAsync();
        var packet = PublishPacket.Read(first, body, MqttProtocolVersion.V5);
        packet.QualityOfService.ShouldBe(MqttQualityOfService.AtLeastOnce);
        packet.Properties.Section.ToArray().ShouldBe(new byte[] { 11, 11, 11, 12 });
        (first, body) = await peer.ReadPacketAsync();
        PublishPacket.Read(first, body, MqttProtocolVersion.V5).Properties.Section.ToArray().ShouldBe(new byte[] { 11, 11 });
    }

    [Fact]
    public async Task Subscribe_NoLocalAndRetainAsPublished_AreObeyed()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "own");
        var options = new SubscriptionOptions(MqttQualityOfService.AtMostOnce, NoLocal: true, RetainAsPublished: true);
        await peer.SendAsync(SubscribePacket.Write(1, 0, "a", options, MqttProtocolVersion.V5));
        await peer.ReadPacketAsync();
        await peer.PublishAsync(MqttProtocolVersion.V5, "a", "own"u8.ToArray());
        await peer.SendAsync(0xC0, 0);
        (await peer.ReadPacketAsync()).First.ShouldBe((byte)0xD0, "the answer to the ping, not the own message");
        await fixture.Broker.PublishAsync("a", "other"u8.ToArray(), retain: true);
        var (first, _) = await peer.ReadPacketAsync();
        (first & PublishFlags.Retain).ShouldBe(PublishFlags.Retain);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$share/g/")]
    public async Task Subscribe_MoreLevelsThanAreOffered_IsRefusedWithTheReason(string prefix)
    {
        string filter = prefix + string.Join('/', Enumerable.Repeat("+", MqttTopicFilter.MaxLevels + 1));
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "x");
        await peer.SendAsync(SubscribePacket.Write(1, 0, filter, new SubscriptionOptions(MqttQualityOfService.AtMostOnce), MqttProtocolVersion.V5));
        var (first, body) = await peer.ReadPacketAsync();
        SubAckPacket.Read(first, body, MqttProtocolVersion.V5).Reasons.ToArray().ShouldBe([(byte)MqttReasonCode.TopicFilterInvalid]);
    }
}
