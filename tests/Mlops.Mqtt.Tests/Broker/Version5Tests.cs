using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class Version5Tests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5;

    [Fact]
    public async Task Message_AllProperties_ReachSubscriberAndProcess()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        MqttMessage? seen = null, local = null;
        using var subscription = fixture.Broker.Subscribe("a/b", (in MqttIncoming message) => Keep(message, ref local));
        var client = await fixture.ConnectAsync();
        await client.SubscribeAsync("a/b", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) => Keep(message, ref seen));
        var sent = new MqttMessage
        {
            Topic = "a/b",
            Payload = "ü"u8.ToArray(),
            QualityOfService = MqttQualityOfService.AtLeastOnce,
            IsText = true,
            ContentType = "text/plain",
            ResponseTopic = "answers/1",
            CorrelationData = new byte[] { 1, 2 },
            Expiry = TimeSpan.FromSeconds(600),
            UserProperties = [new MqttUserProperty("k", "1"), new MqttUserProperty("k", "2")],
        };
        await client.PublishAsync(sent);
        await Eventually.True(() => seen is not null && local is not null);
        foreach (var message in new[] { seen!, local! })
        {
            message.ShouldSatisfyAllConditions(
                () => message.Payload.ToArray().ShouldBe(sent.Payload.ToArray()),
                () => message.IsText.ShouldBeTrue(),
                () => message.ContentType.ShouldBe("text/plain"),
                () => message.ResponseTopic.ShouldBe("answers/1"),
                () => message.CorrelationData!.Value.ToArray().ShouldBe([1, 2]),
                () => message.Expiry!.Value.TotalSeconds.ShouldBeInRange(1, 600),
                () => message.UserProperties.ShouldBe(sent.UserProperties));
        }

        static ValueTask Keep(in MqttIncoming message, ref MqttMessage? kept)
        {
            kept = message.ToMessage();
            return default;
        }
    }

    [Fact]
    public async Task Expiry_SessionAwayLonger_MessageIsDroppedAndTheOtherCountsDown()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        using (var first = await RawPeer.OpenAsync(fixture.Port, V5, "panel", cleanStart: false, expiry: 3600))
        {
            await first.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), V5));
            await first.ReadPacketAsync();
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await fixture.Broker.PublishAsync(Expiring("a", "short", 5));
        await fixture.Broker.PublishAsync(Expiring("a", "long", 100));
        await fixture.Broker.PublishAsync(new MqttMessage { Topic = "kept", Payload = "x"u8.ToArray(), Retain = true, Expiry = TimeSpan.FromSeconds(5) });
        time.Advance(TimeSpan.FromSeconds(30));
        using var second = await RawPeer.OpenAsync(fixture.Port, V5, "panel", cleanStart: false, expiry: 3600);
        var (type, body) = await second.ReadPacketAsync();
        var packet = PublishPacket.Read(type, body, V5);
        Encoding.UTF8.GetString(packet.Payload).ShouldBe("long");
        packet.Properties.ExpirySeconds.ShouldBe(70u);
        var retained = new Inbox();
        using var watch = fixture.Broker.Subscribe("kept", retained.Take);
        retained.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WillDelay_ClientComesBackInTime_OrNot(bool comesBack)
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", wills.Take);
        using (var peer = await ConnectAsync(fixture.Port, delay: 60))
        {
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        time.Advance(TimeSpan.FromSeconds(30));
        using var back = comesBack ? await ConnectAsync(fixture.Port, delay: 60) : null;
        time.Advance(TimeSpan.FromSeconds(40));
        if (comesBack)
        {
            await back!.SendAsync(0xC0, 0);
            (await back.ReadPacketAsync()).First.ShouldBe((byte)0xD0);
            wills.Count.ShouldBe(0);
        }
        else
        {
            await Eventually.True(() => wills.Count == 1);
        }
    }

    [Fact]
    public async Task TopicAlias_BothWays_TopicsAreResolved()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.TopicAliasMaximum = 2);
        var inbox = new Inbox();
        using var watch = fixture.Broker.Subscribe("#", inbox.Take);
        var client = await fixture.ConnectAsync();
        var echo = new Inbox();
        await client.SubscribeAsync("plant/#", MqttQualityOfService.AtLeastOnce, echo.Take);
        string[] topics = [.. Enumerable.Range(0, 60).Select(i => $"plant/line/{i % 7}")];
        foreach (string topic in topics)
            await client.PublishAsync(topic, "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => echo.Count == topics.Length);
        inbox.Messages.Select(message => message.Topic).ShouldBe(topics);
        echo.Messages.Select(message => message.Topic).ShouldBe(topics);
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 8, 0, 1, (byte)'a', 3, 35, 0, 3, (byte)'x' }, MqttReasonCode.TopicAliasInvalid)] // above the maximum
    [InlineData(new byte[] { 0x30, 7, 0, 1, (byte)'a', 3, 35, 0, 0 }, MqttReasonCode.TopicAliasInvalid)]
    [InlineData(new byte[] { 0x30, 6, 0, 0, 3, 35, 0, 1 }, MqttReasonCode.ProtocolError)] // not known
    [InlineData(new byte[] { 0x30, 3, 0, 0, 0 }, MqttReasonCode.ProtocolError)] // neither topic nor alias
    [InlineData(new byte[] { 0x30, 8, 0, 1, (byte)'a', 2, 1, 1, 0xFF, 0xFF }, MqttReasonCode.PayloadFormatInvalid)]
    [InlineData(new byte[] { 0x30, 8, 0, 1, (byte)'a', 4, 8, 0, 1, (byte)'#' }, MqttReasonCode.ProtocolError)] // response topic
    [InlineData(new byte[] { 0x82, 16, 0, 1, 0, 0, 10, (byte)'$', (byte)'s', (byte)'h', (byte)'a', (byte)'r', (byte)'e', (byte)'/', (byte)'g', (byte)'/', (byte)'a', 4 }, MqttReasonCode.ProtocolError)] // shared without local
    [InlineData(new byte[] { 0xC1, 0 }, MqttReasonCode.MalformedPacket)]
    [InlineData(new byte[] { 0xF0, 0 }, MqttReasonCode.ProtocolError)] // AUTH without a method
    public async Task Receive_ForbiddenPacket_ClosesWithTheReason(byte[] packet, MqttReasonCode reason)
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.TopicAliasMaximum = 2);
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.SendAsync(packet);
        var last = await peer.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, V5).Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task Disconnect_ByTheBroker_ClientLearnsReasonWordsAndServer()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var client = await fixture.ConnectAsync(clientId: "press");
        var lost = new TaskCompletionSource<MqttStateChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += change => _ = change.State == MqttClientState.Disconnected && lost.TrySetResult(change);
        fixture.Broker.Disconnect("press", MqttReasonCode.UseAnotherServer, "maintenance", "other:1883").ShouldBeTrue();
        fixture.Broker.Disconnect("nobody").ShouldBeFalse();
        var error = (await Eventually.Within(lost.Task)).Error.ShouldBeOfType<MqttException>();
        (error.ReasonCode, error.ReasonString, error.ServerReference).ShouldBe((MqttReasonCode.UseAnotherServer, "maintenance", "other:1883"));
    }

    [Fact]
    public async Task ConnectAsync_BrokerHasItsOwnValues_ResultTells()
    {
        await using var fixture = await BrokerFixture.StartAsync(options =>
        {
            options.MaxKeepAlive = TimeSpan.FromSeconds(7);
            options.ResponseInformation = "answers/";
        });
        var client = fixture.Client(clientId: "", configure: options => options.RequestResponseInformation = true);
        var result = await client.ConnectAsync();
        result.ClientId.ShouldStartWith("auto-");
        client.ClientId.ShouldBe(result.ClientId);
        result.KeepAlive.ShouldBe(TimeSpan.FromSeconds(7));
        result.ResponseInformation.ShouldBe("answers/");
        result.TopicAliasMaximum.ShouldBe(64);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task DisconnectAsync_WithOrWithoutWill_BrokerObeys(bool publishWill, int expected)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", wills.Take);
        var client = await fixture.ConnectAsync(configure: options => options.Will = new MqttWill { Topic = "status", ContentType = "text/plain" });
        await client.DisconnectAsync(new MqttDisconnectOptions { PublishWill = publishWill });
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        wills.Count.ShouldBe(expected);
    }

    [Fact]
    public async Task ReadAsync_SlowReader_GetsAllInOrderAndEndsTheSubscription()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var client = await fixture.ConnectAsync();
        var got = new List<string>();
        var started = new TaskCompletionSource();
        async Task ReadAsync()
        {
            await foreach (var message in client.ReadAsync("s", capacity: 2))
            {
                got.Add(Encoding.UTF8.GetString(message.Payload.Span));
                started.TrySetResult();
                if (got.Count == 50)
                    break;
                await Task.Yield();
            }
        }

        var reading = ReadAsync();
        int sent = 0;
        while (sent < 50 || !started.Task.IsCompleted)
        {
            if (client.LastConnect is not null)
                await fixture.Broker.PublishAsync("s", Encoding.UTF8.GetBytes($"{sent++}"), MqttQualityOfService.AtLeastOnce);
            await Task.Yield();
        }

        while (!reading.IsCompleted)
        {
            await fixture.Broker.PublishAsync("s", Encoding.UTF8.GetBytes($"{sent++}"), MqttQualityOfService.AtLeastOnce);
            await Task.Delay(1);
        }

        await reading;
        int first = int.Parse(got[0], System.Globalization.CultureInfo.InvariantCulture);
        got.ShouldBe(Enumerable.Range(first, 50).Select(i => $"{i}"));
    }

    private static MqttMessage Expiring(string topic, string text, int seconds) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes(text),
        QualityOfService = MqttQualityOfService.AtLeastOnce,
        Expiry = TimeSpan.FromSeconds(seconds),
    };

    private static async Task<RawPeer> ConnectAsync(int port, uint delay)
    {
        var peer = await RawPeer.ConnectAsync(port);
        var will = new WillMessage("status", "gone"u8.ToArray(), MqttQualityOfService.AtLeastOnce, false, delay, default);
        await peer.SendAsync(new ConnectPacket { Version = V5, ClientId = "press", SessionExpirySeconds = 3600, Will = will }.Write());
        await peer.ReadPacketAsync();
        return peer;
    }
}
