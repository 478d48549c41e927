using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance;

/// <summary>Messages that waited for a broker which then offers less than they need (MQTT 5, sections 3.2.2.3.4 and 3.2.2.3.5).</summary>
public class ClientOfferTests
{
    private const MqttQualityOfService Zero = MqttQualityOfService.AtMostOnce, One = MqttQualityOfService.AtLeastOnce, Two = MqttQualityOfService.ExactlyOnce;

    [Theory]
    [InlineData(Zero, Zero, false, true, MqttReasonCode.Success)]
    [InlineData(Zero, One, false, true, MqttReasonCode.QoSNotSupported)]
    [InlineData(Zero, Two, false, true, MqttReasonCode.QoSNotSupported)]
    [InlineData(One, One, false, true, MqttReasonCode.Success)]
    [InlineData(One, Two, false, true, MqttReasonCode.QoSNotSupported)]
    [InlineData(Two, One, true, false, MqttReasonCode.RetainNotSupported)]
    [InlineData(Two, Two, true, false, MqttReasonCode.RetainNotSupported)]
    [InlineData(Two, One, true, true, MqttReasonCode.Success)]
    [InlineData(One, Two, true, false, MqttReasonCode.QoSNotSupported)]
    public async Task Publish_OfferedBeforeTheConnection_FailsOrIsSentAsTheBrokerOffers(
        MqttQualityOfService maximum, MqttQualityOfService quality, bool retain, bool keepsRetained, MqttReasonCode expected)
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker);
        var starting = client.StartAsync();
        var publish = client.PublishAsync("wanted", default, quality, retain).AsTask();
        using var peer = await broker.AcceptAsync(new ConnAckPacket { MaximumQoS = maximum, RetainAvailable = keepsRetained });
        await starting;
        if (expected != MqttReasonCode.Success)
        {
            var refused = await Should.ThrowAsync<MqttException>(Eventually.Within(publish));
            refused.ReasonCode.ShouldBe(expected);
            refused.Message.ShouldContain("'wanted'");
            client.Counters.PublishesDropped.ShouldBe(1);
        }

        var last = client.PublishAsync("last", default, Zero).AsTask();
        if (quality == Zero)
        {
            // Without a connection nobody holds it.
            client.Counters.PublishesDropped.ShouldBe(1);
        }
        else if (expected == MqttReasonCode.Success)
        {
            var (id, _) = await peer.ReadPublishAsync();
            await peer.AcknowledgeAsync(id);
            await Eventually.Within(publish);
        }

        // The next on the wire: nothing of what was refused has left.
        var (type, body) = await peer.ReadTypeAsync();
        (type, TopicOf(body)).ShouldBe((PacketType.Publish, "last"));
        await Eventually.Within(last);
        client.PendingPublishes.ShouldBe(0);
    }

    [Fact]
    public async Task Publish_InFlightWhenTheNextBrokerOffersLess_FailsAndWhatWasReceivedIsFinished()
    {
        using var broker = new ScriptedBroker();
        await using var client = Client(broker);
        var starting = client.StartAsync();
        Task unanswered, received, retained;
        ushort id;
        using (var first = await broker.AcceptAsync(sessionPresent: false))
        {
            await starting;
            unanswered = client.PublishAsync("unanswered", default, One).AsTask();
            await first.ReadPublishAsync();
            received = client.PublishAsync("received", default, Two).AsTask();
            (id, _) = await first.ReadPublishAsync();
            retained = client.PublishAsync("retained", default, One, retain: true).AsTask();
            await first.ReadPublishAsync();
            await first.SendAsync([0x50, 2, (byte)(id >> 8), (byte)id]);
            (await first.ReadTypeAsync()).Type.ShouldBe(PacketType.PubRel);
        }

        using var second = await broker.AcceptAsync(new ConnAckPacket { SessionPresent = true, MaximumQoS = Zero, RetainAvailable = false });
        (await second.ReadTypeAsync()).ShouldSatisfyAllConditions(
            packet => packet.Type.ShouldBe(PacketType.PubRel), packet => packet.Body.ShouldBe([(byte)(id >> 8), (byte)id]));
        await second.SendAsync([0x70, 2, (byte)(id >> 8), (byte)id]);
        await Eventually.Within(received);
        foreach (var refused in new[] { unanswered, retained })
            (await Should.ThrowAsync<MqttException>(Eventually.Within(refused))).ReasonCode.ShouldBe(MqttReasonCode.QoSNotSupported);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publish_KeptByAnOutbox_IsGivenUpCountedAndLogged(bool onDisk)
    {
        using var folder = new TemporaryFolder();
        using var broker = new ScriptedBroker();
        var log = new LogRecorder();
        using var seen = new Measurements(MqttInstruments.ClientMeterName, MqttInstruments.ClientTag, "kept");
        await using var client = Client(broker, log, options =>
        {
            options.ClientId = "kept";
            options.Outbox = new MqttOutboxOptions { File = onDisk ? Path.Combine(folder.Path, "outbox.db") : null };
        });
        var starting = client.StartAsync();
        await Eventually.Within(client.PublishAsync("retained", default, One, retain: true).AsTask());
        await Eventually.Within(client.PublishAsync("plain", default, One).AsTask());
        using var peer = await broker.AcceptAsync(new ConnAckPacket { RetainAvailable = false });
        await starting;
        var (type, body) = await peer.ReadTypeAsync();
        (type, TopicOf(body)).ShouldBe((PacketType.Publish, "plain"));
        await peer.AcknowledgeAsync((ushort)((body[7] << 8) | body[8]));
        await Eventually.True(() => client.PendingPublishes == 0);
        seen[MqttInstruments.ClientDropped, "reason=not_offered"].ShouldBe(1);
        client.Counters.PublishesDropped.ShouldBe(1);
        log.Warnings.ShouldHaveSingleItem().ShouldContain("'retained'");
    }

    private static MqttClient Client(ScriptedBroker broker, LogRecorder? log = null, Action<MqttClientOptions>? configure = null)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = broker.Port,
            CleanStart = false,
            SessionExpiry = TimeSpan.FromHours(1),
            ReconnectDelay = TimeSpan.FromMilliseconds(20),
        };
        configure?.Invoke(options);
        return new MqttClient(options, log);
    }

    private static string TopicOf(byte[] body) => Encoding.UTF8.GetString(body, 2, body[1]);
}
