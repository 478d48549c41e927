using System.Net.Sockets;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

/// <summary>Who does wrong is told so, is named in one line of the log, and harms nobody.</summary>
public class BadInputTests
{
    private const string Secret = "blue-42";

    [Theory]
    [InlineData("press", MqttReasonCode.BadUserNameOrPassword)]
    [InlineData("nobody", MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(null, MqttReasonCode.NotAuthorized)]
    public async Task Connect_WrongPasswordUserOrNone_IsRefused(string? user, MqttReasonCode reason)
    {
        await using var fixture = await StartAsync(options => options.AllowAnonymousFromLoopback = false);
        var error = await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(
            clientId: "press-4", configure: options => (options.UserName, options.Password) = (user, user is null ? null : "wr0ng-word")));
        error.ReasonCode.ShouldBe(reason);
        await OneLineAsync(fixture, "press-4", $"{reason}");
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Connect_WrongPasswordsInARow_AreNoLongerLookedAt()
    {
        await using var fixture = await StartAsync();
        var reasons = new List<MqttReasonCode>();
        for (int i = 0; i < 20; i++)
        {
            var error = await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: options => (options.UserName, options.Password) = ("other", $"guess{i}")));
            reasons.Add(error.ReasonCode);
        }

        reasons.ShouldContain(MqttReasonCode.BadUserNameOrPassword);
        reasons[^1].ShouldBe(MqttReasonCode.ConnectionRateExceeded);
        fixture.Log.Warnings.ShouldAllBe(line => !line.Contains("guess"));
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Publish_ForbiddenTopic_IsDeniedAndReachesNobody()
    {
        await using var fixture = await StartAsync(Ruled);
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        var client = await fixture.ConnectAsync(clientId: "press-4", configure: Known);
        (await Should.ThrowAsync<MqttException>(client.PublishAsync("other/x", default, MqttQualityOfService.AtLeastOnce).AsTask()))
            .ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
        await OneLineAsync(fixture, "press-4", "other/x");
        await client.PublishAsync("of/press/x", default, MqttQualityOfService.AtLeastOnce);
        inbox.Messages.ShouldHaveSingleItem().Topic.ShouldBe("of/press/x");
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Subscribe_ForbiddenFilter_IsDenied()
    {
        await using var fixture = await StartAsync(Ruled);
        var client = await fixture.ConnectAsync(clientId: "press-4", configure: Known);
        (await Should.ThrowAsync<MqttException>(client.SubscribeAsync("#", MqttQualityOfService.AtLeastOnce, new Inbox().Take)))
            .ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
        await OneLineAsync(fixture, "press-4", "'#'");
        // The rule for everybody, which is to read only.
        await client.SubscribeAsync("news/+", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        await Should.ThrowAsync<MqttException>(client.PublishAsync("news/x", default, MqttQualityOfService.AtLeastOnce).AsTask());
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Connect_WillToForbiddenTopic_IsNotPublished()
    {
        await using var fixture = await StartAsync(Ruled);
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        using (var peer = await RawPeer.ConnectAsync(fixture.Port))
        {
            await peer.SendAsync(new ConnectPacket
            {
                Version = MqttProtocolVersion.V5,
                ClientId = "press-4",
                UserName = "press",
                Password = System.Text.Encoding.UTF8.GetBytes(Secret),
                CleanStart = true,
                Will = new WillMessage("other/x", default, MqttQualityOfService.AtMostOnce, false, 0, default),
            }.Write());
            await peer.ReadPacketAsync();
        }

        await OneLineAsync(fixture, "press-4", "other/x");
        inbox.Messages.ShouldBeEmpty();
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Connect_NameThatIsInUse_TakesOverAndTellsTheOlder()
    {
        await using var fixture = await StartAsync();
        using var older = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press-4");
        using var newer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press-4");
        var last = await older.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.SessionTakenOver);
        await newer.SendAsync(0xC0, 0);
        (await newer.ReadPacketAsync()).First.ShouldBe((byte)0xD0);
    }

    [Fact]
    public async Task Subscribe_MoreThanAllowed_IsRefusedAndTheOthersStay()
    {
        await using var fixture = await StartAsync(options => options.MaxSubscriptionsPerSession = 2);
        var client = await fixture.ConnectAsync(clientId: "press-4");
        var inbox = new Inbox();
        await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, inbox.Take);
        await client.SubscribeAsync("b", MqttQualityOfService.AtLeastOnce, inbox.Take);
        (await Should.ThrowAsync<MqttException>(client.SubscribeAsync("c", MqttQualityOfService.AtLeastOnce, inbox.Take)))
            .ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        await OneLineAsync(fixture, "press-4", "MaxSubscriptionsPerSession");
        await client.PublishAsync("b", default, MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 1);
        await UnharmedAsync(fixture);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Connect_Flood_IsToldSoAndFillsNoLog(MqttProtocolVersion version)
    {
        await using var fixture = await StartAsync(options => options.MaxConnectsPerSecond = 1);
        await fixture.ConnectAsync();
        var reasons = new List<MqttReasonCode>();
        for (int i = 0; i < 60; i++)
        {
            using var peer = await RawPeer.ConnectAsync(fixture.Port);
            await peer.SendAsync(new ConnectPacket { Version = version, ClientId = $"flood-{i}", CleanStart = true }.Write());
            var (first, body) = await peer.ReadPacketAsync();
            reasons.Add(ConnAckPacket.Read(first, body, version).Reason);
        }

        reasons.ShouldContain(version == MqttProtocolVersion.V5 ? MqttReasonCode.ConnectionRateExceeded : MqttReasonCode.ServerUnavailable);
        await OneLineAsync(fixture, "flood-", "MaxConnectsPerSecond", "only counted");
        fixture.Broker.Counters.ConnectionsRefused.ShouldBeGreaterThan(1);
        using var neighbour = await RawPeer.OpenAsync(fixture.Port, version, "neighbour", from: "127.0.0.2");
        await PingAsync(neighbour);
        neighbour.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
    }

    [Fact]
    public async Task Connect_FloodOfTlsHandshakes_IsCutOffBeforeTheyCost()
    {
        using var certificates = new Certificates();
        await using var fixture = await StartAsync(options =>
        {
            options.MaxConnectsPerSecond = 1;
            options.Listeners.Add(new MqttListenerOptions { Port = 0, Tls = certificates.Server() });
        });
        for (int i = 0; i < 10; i++)
        {
            using var peer = new TcpClient();
            await peer.ConnectAsync("127.0.0.1", fixture.Port);
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0 && fixture.Broker.Counters.ConnectionsRefused >= 9);
        fixture.Log.Warnings.Count(line => line.Contains("MaxConnectsPerSecond")).ShouldBe(1);
    }

    [Fact]
    public async Task Connect_FloodOfSilentConnections_KeepsNobodyOutAndHarmsNobodyWhoIsIn()
    {
        await using var fixture = await StartAsync(options => (options.MaxConnections, options.ConnectTimeout) = (20, TimeSpan.FromMinutes(5)));
        var inbox = new Inbox();
        var older = await fixture.ConnectAsync(clientId: "older");
        await older.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, inbox.Take);
        using var flood = new Many<RawPeer>();
        for (int i = 0; i < 60; i++)
            flood.Add(await RawPeer.ConnectAsync(fixture.Port));
        await Eventually.True(() => fixture.Broker.Counters.ConnectionsRefused >= 41);
        var newer = await fixture.ConnectAsync(clientId: "newer");
        using var neighbour = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "neighbour", from: "127.0.0.2");
        for (int i = 0; i < 60; i++)
            flood.Add(await RawPeer.ConnectAsync(fixture.Port));
        await newer.PublishAsync("a", "1"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await older.PublishAsync("a", "2"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await PingAsync(neighbour);
        await Eventually.True(() => inbox.Count == 2);
        fixture.Broker.Counters.SessionsTakenOver.ShouldBe(0);
        await OneLineAsync(fixture, "MaxConnections");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients <= 20);
    }

    [Fact]
    public async Task Connect_AllPlacesTakenByClients_IsRefusedAndSaidOnce()
    {
        await using var fixture = await StartAsync(options => options.MaxConnections = 2);
        var first = await fixture.ConnectAsync();
        var second = await fixture.ConnectAsync();
        for (int i = 0; i < 5; i++)
            await Should.ThrowAsync<MqttException>(fixture.ConnectAsync());
        await OneLineAsync(fixture, "MaxConnections");
        await first.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce);
        await second.DisposeAsync();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Connect_MoreThanItsAddressMayHave_IsRefusedAndOthersAreNot()
    {
        await using var fixture = await StartAsync(options => options.MaxConnectionsPerAddress = 2);
        using var first = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "first");
        using (var second = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "second"))
        {
            using var third = await RawPeer.ConnectAsync(fixture.Port);
            (await third.ReadToEndAsync()).ShouldBeNull();
            using var neighbour = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "neighbour", from: "127.0.0.2");
            await PingAsync(neighbour);
        }

        await OneLineAsync(fixture, "MaxConnectionsPerAddress");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
        await UnharmedAsync(fixture);
    }

    [Fact]
    public async Task Connect_TwoClientsOfOneName_TakeItFromEachOtherAndTheLogSaysSoOnce()
    {
        await using var fixture = await StartAsync();
        RawPeer? before = null;
        for (int i = 0; i < 30; i++)
        {
            var next = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press-4", expiry: 60, from: $"127.0.0.{1 + (i % 2)}");
            if (before is not null)
            {
                var last = await before.ReadToEndAsync();
                DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.SessionTakenOver);
                before.Dispose();
            }

            before = next;
        }

        await PingAsync(before!);
        before!.Dispose();
        fixture.Broker.Counters.SessionsTakenOver.ShouldBe(29);
        fixture.Broker.Counters.Sessions.ShouldBe(1);
        await OneLineAsync(fixture, "press-4", "127.0.0.2", "again and again");
        await UnharmedAsync(fixture);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x10 })]
    [InlineData(new byte[] { 0x10, 0x20, 0x00, 0x04, (byte)'M', (byte)'Q' })]
    public async Task Accept_ConnectNeverCompletes_IsClosedInTimeWithOneLineForAll(byte[] sent)
    {
        await using var fixture = await StartAsync(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(300));
        using var peers = new Many<RawPeer>();
        for (int i = 0; i < 8; i++)
        {
            var peer = await RawPeer.ConnectAsync(fixture.Port);
            peers.Add(peer);
            await peer.SendAsync(sent);
        }

        foreach (var peer in peers)
            (await peer.ReadToEndAsync()).ShouldBeNull();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        fixture.Broker.Counters.ConnectionsRefused.ShouldBe(8);
        await OneLineAsync(fixture, "CONNECT", "ConnectTimeout");
    }

    [Fact]
    public async Task KeepAlive_PeerVanishesWithoutAWord_IsClosedWhileMuchWaitsForIt()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("gone", wills.Take);
        var neighbour = await fixture.ConnectAsync(configure: options => options.KeepAlive = TimeSpan.Zero);
        var inbox = new Inbox();
        await neighbour.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, inbox.Take);
        using var vanished = await RawPeer.ConnectAsync(fixture.Port);
        await vanished.SendAsync(new ConnectPacket
        {
            Version = MqttProtocolVersion.V5,
            ClientId = "vanished",
            CleanStart = true,
            KeepAliveSeconds = 60,
            Will = new WillMessage("gone", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, false, 0, default),
        }.Write());
        await vanished.ReadPacketAsync();
        await vanished.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.AtMostOnce), MqttProtocolVersion.V5));
        await vanished.ReadPacketAsync();
        // It neither reads nor closes from here on, as one whose cable was pulled.
        for (int i = 0; i < 60; i++)
            await fixture.Broker.PublishAsync("a", new byte[200_000]);
        time.Advance(TimeSpan.FromSeconds(91));
        await Eventually.True(() => wills.Count == 1);
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1 && fixture.Broker.Counters.Sessions == 1);
        await Eventually.True(() => inbox.Count == 60);
        fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscribe_MoreThanAllowedWith311_IsRefusedWithTheOneCodeItHas()
    {
        await using var fixture = await StartAsync(options => options.MaxSubscriptionsPerSession = 1);
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "press-4");
        foreach (var (id, answer) in new (ushort, byte)[] { (1, 0), (2, 0x80) })
        {
            await peer.SendAsync(SubscribePacket.Write(id, 0, $"t/{id}", new SubscriptionOptions(MqttQualityOfService.AtMostOnce), MqttProtocolVersion.V311));
            (await peer.ReadPacketAsync()).Body[^1].ShouldBe(answer);
        }

        await OneLineAsync(fixture, "press-4", "t/2", "MaxSubscriptionsPerSession");
    }

    [Fact]
    public async Task Accept_HalfOpenConnection_IsClosedInTime()
    {
        var time = new ManualTime();
        await using var fixture = await StartAsync(time: time);
        using var silent = await RawPeer.ConnectAsync(fixture.Port);
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
        time.Advance(TimeSpan.FromSeconds(11));
        (await silent.ReadToEndAsync()).ShouldBeNull();
        using var quiet = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press-4", keepAlive: 60);
        time.Advance(TimeSpan.FromSeconds(91));
        var last = await quiet.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await UnharmedAsync(fixture);
    }

    private static Task<BrokerFixture> StartAsync(Action<MqttBrokerOptions>? configure = null, TimeProvider? time = null) => BrokerFixture.StartAsync(
        options =>
        {
            options.Users["press"] = MqttPassword.Hash(Secret);
            configure?.Invoke(options);
        },
        time: time);

    private static void Ruled(MqttBrokerOptions options)
    {
        options.Rules.Add(new MqttAccessRule { User = "press", Topic = "of/%u/#" });
        options.Rules.Add(new MqttAccessRule { Topic = "news/+", Rights = MqttAccessRights.Read });
    }

    private static void Known(MqttClientOptions options) => (options.UserName, options.Password) = ("press", Secret);

    private static async Task OneLineAsync(BrokerFixture fixture, params string[] parts)
    {
        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        string line = fixture.Log.Warnings.ShouldHaveSingleItem();
        line.ShouldContain("127.0.0.1");
        foreach (string part in parts)
            line.ShouldContain(part);
        line.ShouldNotContain(Secret);
        line.ShouldNotContain("wr0ng-word");
    }

    private static async Task PingAsync(RawPeer peer)
    {
        await peer.SendAsync(0xC0, 0);
        (await peer.ReadPacketAsync()).First.ShouldBe((byte)0xD0);
    }

    private static async Task UnharmedAsync(BrokerFixture fixture)
    {
        var client = await fixture.ConnectAsync(configure: Known);
        await client.PublishAsync("of/press/alive", default, MqttQualityOfService.AtLeastOnce);
    }
}
