using System.Text;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Interop;

/// <summary>What clients of other makes ask of our broker beyond the basics: shares, delays, expiries, aliases, windows, authentication.</summary>
public class BrokerAgainstForeignVersion5Tests
{
    public static TheoryData<string> Makes => ["mqtt.js", "paho"];

    [Theory]
    [MemberData(nameof(Makes))]
    public async Task SharedSubscription_WithOursAndTheirs_EachMessageGoesToOne(string make)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var ours = new Inbox();
        await (await fixture.ConnectAsync()).SubscribeAsync("$share/workers/jobs/+", MqttQualityOfService.AtLeastOnce, ours.Take);
        await using var first = await ConnectAsync(fixture, make, 5, "first");
        await using var second = await ConnectAsync(fixture, make, 4, "second");
        await first.SubscribeAsync("$share/workers/jobs/+", 1);
        await second.SubscribeAsync("$share/workers/jobs/+", 1);
        for (int i = 0; i < 30; i++)
            await fixture.Broker.PublishAsync($"jobs/{i}", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => ours.Count + first.Messages.Length + second.Messages.Length >= 30);
        (ours.Count, first.Messages.Length, second.Messages.Length).ShouldBe((10, 10, 10));
        string[] topics = [.. ours.Messages.Select(message => message.Topic), .. first.Messages.Concat(second.Messages).Select(message => message.Split(' ')[0])];
        topics.Order().ShouldBe(Enumerable.Range(0, 30).Select(i => $"jobs/{i}").Order());
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public async Task ReceiveMaximum_OfTwo_AllArriveInOrder(string make)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var peer = await ConnectAsync(fixture, make, 5, "narrow", receiveMaximum: 2);
        await peer.SubscribeAsync("a", 2);
        for (int i = 0; i < 40; i++)
            await fixture.Broker.PublishAsync("a", LineClient.Payload(8, i), MqttQualityOfService.ExactlyOnce);
        await Eventually.True(() => peer.Messages.Length >= 40);
        peer.Messages.ShouldBe(Enumerable.Range(0, 40).Select(i => LineClient.Seen("a", 2, false, LineClient.Payload(8, i))));
    }

    [Theory]
    [InlineData("mqtt.js", 4)]
    [InlineData("mqtt.js", 5)]
    [InlineData("paho", 4)]
    [InlineData("paho", 5)]
    public async Task Topic_OfAThousandLevels_PassesBothWays(string make, int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        await (await fixture.ConnectAsync()).SubscribeAsync("up/#", MqttQualityOfService.AtLeastOnce, inbox.Take);
        await using var peer = await ConnectAsync(fixture, make, version, "deep");
        string levels = string.Join('/', Enumerable.Range(0, 999));
        await peer.SubscribeAsync("down/" + string.Join('/', Enumerable.Repeat("+", 999)), 1);
        await peer.PublishAsync($"up/{levels}", 1, retain: false, 5, 1);
        await fixture.Broker.PublishAsync($"down/{levels}", LineClient.Payload(5, 1), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 1 && peer.Messages.Length == 1);
        inbox.Messages[0].Topic.ShouldBe($"up/{levels}");
        peer.Messages[0].ShouldBe(LineClient.Seen($"down/{levels}", 1, false, LineClient.Payload(5, 1)));
    }

    [Fact]
    public async Task TopicAliases_MqttJs_AreResolvedBothWays()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.TopicAliasMaximum = 3);
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("up/#", inbox.Take);
        await using var peer = await ConnectAsync(fixture, "mqtt.js", 5, "brief", aliases: true);
        await peer.SubscribeAsync("down/#", 1);
        string[] topics = [.. Enumerable.Range(0, 40).Select(i => $"line/{i % 5}/temperature")];
        foreach (string topic in topics)
        {
            await peer.PublishAsync("up/" + topic, 1, retain: false, 5, 1);
            await fixture.Broker.PublishAsync("down/" + topic, LineClient.Payload(5, 1), MqttQualityOfService.AtLeastOnce);
        }

        await Eventually.True(() => inbox.Count == topics.Length && peer.Messages.Length == topics.Length);
        inbox.Messages.Select(message => message.Topic).ShouldBe(topics.Select(topic => "up/" + topic));
        peer.Messages.Select(message => message.Split(' ')[0]).ShouldBe(topics.Select(topic => "down/" + topic));
    }

    [Fact]
    public async Task TopicAlias_MosquittoPub_IsResolved()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        var (exitCode, _, errors) = await Child.RunAsync(
            Mosquitto.Publisher, "-p", $"{fixture.Port}", "-V", "5", "-q", "1", "-t", "line/4/temperature", "-D", "publish", "topic-alias", "7", "--repeat", "5", "-m", "x");
        exitCode.ShouldBe(0, errors);
        await Eventually.True(() => inbox.Count == 5);
        inbox.Messages.ShouldAllBe(message => message.Topic == "line/4/temperature");
    }

    [Theory]
    [InlineData("right", true)]
    [InlineData("wrong", false)]
    public async Task EnhancedAuthentication_MqttJs_IsAskedAndJudged(string secret, bool accepted)
    {
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.AddAuthenticationMethod("CHALLENGE", _ => new Challenge()));
        var connecting = ConnectAsync(fixture, "mqtt.js", 5, "asked", secret: secret);
        if (!accepted)
        {
            (await Record.ExceptionAsync(() => connecting)).ShouldNotBeNull().Message.ShouldContain("Not authorized");
            fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("NotAuthorized");
            return;
        }

        await using var peer = await connecting;
        await peer.PublishAsync("a", 1, retain: false, 1, 1);
    }

    [Fact]
    public async Task WillDelayAndSessionExpiry_MosquittoSub_AreCountedByTheBroker()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        var wills = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", wills.Take);
        await using (var panel = Child.Start(
            Mosquitto.Subscriber, "-p", $"{fixture.Port}", "-V", "5", "-i", "panel", "-c", "-x", "3600", "-q", "1", "-t", "orders", "--will-topic",
            "status", "--will-payload", "gone", "-D", "will", "will-delay-interval", "60"))
        {
            await Eventually.True(() => Probe(fixture, panel));
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await fixture.Broker.PublishAsync(new MqttMessage { Topic = "orders", Payload = "late"u8.ToArray(), QualityOfService = MqttQualityOfService.AtLeastOnce, Expiry = TimeSpan.FromSeconds(20) });
        await fixture.Broker.PublishAsync(new MqttMessage { Topic = "orders", Payload = "good"u8.ToArray(), QualityOfService = MqttQualityOfService.AtLeastOnce, Expiry = TimeSpan.FromSeconds(1000) });
        time.Advance(TimeSpan.FromSeconds(40));
        wills.Count.ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.True(() => wills.Count == 1);
        await using var back = Child.Start(
            Mosquitto.Subscriber, "-p", $"{fixture.Port}", "-V", "5", "-i", "panel", "-c", "-x", "3600", "-q", "1", "-t", "orders", "-F", "%p %E");
        await Eventually.True(() => back.Lines.Any(line => line.StartsWith("good", StringComparison.Ordinal)));
        back.Lines.ShouldNotContain(line => line.StartsWith("late", StringComparison.Ordinal));
        int.Parse(back.Lines.Single(line => line.StartsWith("good", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 930);
    }

    private static bool Probe(BrokerFixture fixture, Child subscriber)
    {
        _ = fixture.Broker.PublishAsync("orders", "probe"u8.ToArray()).AsTask();
        return subscriber.Lines.Length > 0;
    }

    private static Task<LineClient> ConnectAsync(
        BrokerFixture fixture, string make, int version, string clientId, int receiveMaximum = 0, bool aliases = false, string? secret = null) =>
        LineClient.ConnectAsync(make, $"mqtt://127.0.0.1:{fixture.Port}", version, clientId, receiveMaximum: receiveMaximum, aliases: aliases, secret: secret);

    private sealed class Challenge : IMqttAuthenticationExchange
    {
        private bool asked;

        public ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            bool first = !asked;
            asked = true;
            return new(first
                ? new MqttAuthenticationStep(MqttReasonCode.ContinueAuthentication, "nonce-"u8.ToArray())
                : new MqttAuthenticationStep(Encoding.UTF8.GetString(data.Span) == "nonce-right" ? MqttReasonCode.Success : MqttReasonCode.NotAuthorized));
        }
    }
}
