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
        fixture.Log.Warnings[0].ShouldContain("flood-");
        fixture.Log.Warnings[0].ShouldContain("127.0.0.1");
        fixture.Log.Warnings.ShouldContain(line => line.Contains("only counted"));
        fixture.Broker.Counters.ConnectionsRefused.ShouldBeGreaterThan(fixture.Log.Warnings.Length);
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

        await Eventually.True(() => fixture.Log.Warnings.Any(line => line.Contains("MaxConnectsPerSecond")));
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
    }

    [Fact]
    public async Task Accept_HalfOpenConnection_IsClosedInTime()
    {
        await using var fixture = await StartAsync(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(300));
        using var silent = await RawPeer.ConnectAsync(fixture.Port);
        (await silent.ReadToEndAsync()).ShouldBeNull();
        using var quiet = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press-4", keepAlive: 1);
        var last = await quiet.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await UnharmedAsync(fixture);
    }

    private static Task<BrokerFixture> StartAsync(Action<MqttBrokerOptions>? configure = null) => BrokerFixture.StartAsync(options =>
    {
        options.Users["press"] = MqttPassword.Hash(Secret);
        configure?.Invoke(options);
    });

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

    private static async Task UnharmedAsync(BrokerFixture fixture)
    {
        var client = await fixture.ConnectAsync(configure: Known);
        await client.PublishAsync("of/press/alive", default, MqttQualityOfService.AtLeastOnce);
    }
}
