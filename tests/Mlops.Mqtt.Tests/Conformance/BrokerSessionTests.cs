using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance;

/// <summary>Names, sessions and wills of clients, seen from the wire (MQTT 5, sections 3.1, 3.2, 3.14 and 4.1).</summary>
public class BrokerSessionTests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5, V311 = MqttProtocolVersion.V311;

    [Theory]
    [InlineData(V5, true, MqttReasonCode.Success)]
    [InlineData(V5, false, MqttReasonCode.Success)]
    [InlineData(V311, true, MqttReasonCode.Success)]
    [InlineData(V311, false, MqttReasonCode.ClientIdentifierNotValid)]
    public async Task Connect_WithoutAName_GetsOneOrIsRefused(MqttProtocolVersion version, bool cleanStart, MqttReasonCode reason)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var connect = new ConnectPacket { Version = version, CleanStart = cleanStart };
        var (one, first) = await RawPeer.OpenAsync(fixture.Port, connect);
        var (other, second) = await RawPeer.OpenAsync(fixture.Port, connect);
        using (one)
        using (other)
        {
            (first.Reason, first.SessionPresent).ShouldBe((reason, false));
            if (reason != MqttReasonCode.Success)
            {
                (await one.ReadToEndAsync()).ShouldBeNull();
                return;
            }

            await one.ExpectNothingAsync();
            await other.ExpectNothingAsync();
            if (version == V5)
                second.AssignedClientId.ShouldNotBeOneOf(null, "", first.AssignedClientId);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    [InlineData(" !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~")]
    [InlineData("Presse-Übergröße-機械")]
    public async Task Connect_NameOfItsOwn_IsTakenAsItIs(string clientId)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (peer, answer) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = clientId, CleanStart = true });
        using var opened = peer;
        (answer.Reason, answer.AssignedClientId).ShouldBe((MqttReasonCode.Success, null));
    }

    [Fact]
    public async Task Session_ExpiryChangedByDisconnect_IsObeyed()
    {
        await using var fixture = await BrokerFixture.StartAsync(time: new ManualTime());
        var connect = new ConnectPacket { Version = V5, ClientId = "x", SessionExpirySeconds = 1 };
        (await ComeAndGoAsync(3600)).ShouldBeFalse();
        (await ComeAndGoAsync(0)).ShouldBeTrue("the expiry was raised from 1 s to an hour");
        (await ComeAndGoAsync(null)).ShouldBeFalse("the expiry was set to zero");

        async Task<bool> ComeAndGoAsync(uint? expiry)
        {
            var (peer, answer) = await RawPeer.OpenAsync(fixture.Port, connect);
            using (peer)
            {
                await peer.SendAsync(new DisconnectPacket(MqttReasonCode.Success, expiry).Write(V5));
                await peer.ReadToEndAsync();
            }

            await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
            return answer.SessionPresent;
        }
    }

    [Fact]
    public async Task Session_ExpiryOver_IsNotPresentAnyMore()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        foreach (bool present in new[] { false, true, false })
        {
            var (peer, answer) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "x", SessionExpirySeconds = 60 });
            peer.Dispose();
            answer.SessionPresent.ShouldBe(present);
            await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
            time.Advance(TimeSpan.FromSeconds(present ? 61 : 30));
            await Eventually.True(() => fixture.Broker.Counters.Sessions == (present ? 0 : 1));
        }
    }

    [Theory]
    [InlineData(V5, 0, 3600, false, 1)] // a will without delay is due
    [InlineData(V5, 60, 3600, false, 0)] // the client is back in time [3.1.3-9]
    [InlineData(V5, 60, 3600, true, 1)] // its session has ended, and the delay with it
    [InlineData(V5, 60, 0, false, 1)]
    [InlineData(V311, 0, 0, false, 1)]
    public async Task Will_SessionIsTakenOver_IsPublishedWhenItIsDue(MqttProtocolVersion version, uint delay, uint expiry, bool cleanStart, int expected)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", wills.Take);
        var will = new WillMessage("status", "gone"u8.ToArray(), MqttQualityOfService.AtLeastOnce, false, delay, default);
        var connect = new ConnectPacket { Version = version, ClientId = "x", SessionExpirySeconds = expiry, Will = will };
        var (first, _) = await RawPeer.OpenAsync(fixture.Port, connect);
        var (second, answer) = await RawPeer.OpenAsync(fixture.Port, connect with { CleanStart = cleanStart, Will = null });
        using (first)
        using (second)
        {
            await first.ReadToEndAsync();
            answer.SessionPresent.ShouldBe(!cleanStart && (expiry > 0 || version == V311));
            await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
            wills.Count.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Will_DelayLongerThanTheSession_IsPublishedWhenThatEnds()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", wills.Take);
        var will = new WillMessage("status", "gone"u8.ToArray(), MqttQualityOfService.AtMostOnce, false, 1000, default);
        var (peer, _) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "x", SessionExpirySeconds = 10, Will = will });
        peer.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        wills.Count.ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(11));
        await Eventually.True(() => wills.Count == 1);
        fixture.Broker.Counters.Sessions.ShouldBe(0);
    }

    [Theory]
    [InlineData(MqttReasonCode.Success, 0)]
    [InlineData(MqttReasonCode.DisconnectWithWill, 1)]
    [InlineData(MqttReasonCode.UnspecifiedError, 1)]
    public async Task Will_Disconnect_OnlySuccessRemovesIt(MqttReasonCode reason, int expected)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", wills.Take);
        var will = new WillMessage("status", "gone"u8.ToArray(), MqttQualityOfService.AtMostOnce, true, 0, default);
        var (peer, _) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "x", Will = will });
        using var opened = peer;
        await peer.SendAsync(new DisconnectPacket(reason).Write(V5));
        (await peer.ReadToEndAsync()).ShouldBeNull("nothing is sent after DISCONNECT");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        wills.Count.ShouldBe(expected);
        var kept = new Inbox();
        using var late = fixture.Broker.Subscribe("status", kept.Take);
        kept.Count.ShouldBe(expected, "the will is retained as it asked for");
    }

    [Fact]
    public async Task ConnAck_NothingAskedFor_SaysNothingThatWasNotAskedFor()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.ResponseInformation = "answers/");
        var connect = new ConnectPacket { Version = V5, ClientId = "x", CleanStart = true, KeepAliveSeconds = 20 };
        var (peer, answer) = await RawPeer.OpenAsync(fixture.Port, connect);
        using var opened = peer;
        answer.ShouldSatisfyAllConditions(
            () => answer.ResponseInformation.ShouldBeNull(),
            () => answer.AuthenticationMethod.ShouldBeNull(),
            () => answer.ServerKeepAliveSeconds.ShouldBeNull(),
            () => answer.SessionExpirySeconds.ShouldBeNull());
        var (asking, told) = await RawPeer.OpenAsync(fixture.Port, connect with { ClientId = "y", RequestResponseInformation = true });
        using var alsoOpened = asking;
        told.ResponseInformation.ShouldBe("answers/");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProblemInformation_NotWanted_AnswersAreBare(bool wanted)
    {
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.Authorize = static (in MqttAuthorizationContext _) => false);
        var (peer, _) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "x", CleanStart = true, RequestProblemInformation = wanted });
        using var opened = peer;
        await peer.PublishAsync(V5, "a", [], 1, PublishFlags.AtLeastOnce);
        (await peer.ReadPacketAsync()).Body.ShouldBe([0, 1, (byte)MqttReasonCode.NotAuthorized]);
        await peer.SendAsync(SubscribePacket.Write(2, 0, "a", default, V5));
        (await peer.ReadPacketAsync()).Body.ShouldBe([0, 2, 0, (byte)MqttReasonCode.NotAuthorized]);
    }
}
