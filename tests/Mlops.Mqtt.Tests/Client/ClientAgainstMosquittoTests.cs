using System.Security.Cryptography;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Client;

public sealed class ClientAgainstMosquittoTests : IAsyncLifetime
{
    private Mosquitto mosquitto = null!;

    public static TheoryData<MqttProtocolVersion> Versions => [MqttProtocolVersion.V311, MqttProtocolVersion.V5];

    public async Task InitializeAsync() => mosquitto = await Mosquitto.StartAsync();

    public async Task DisposeAsync() => await mosquitto.DisposeAsync();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_EveryQuality_ReachesASubscriberOfMosquitto(MqttProtocolVersion version)
    {
        await using var subscriber = Child.Start(
            Mosquitto.Subscriber, "-p", $"{mosquitto.Port}", "-t", "line/#", "-q", "2", "-F", "%t %q %r %p", "-W", "60");
        await using var client = await ConnectAsync(version);
        await Eventually.True(() => Probe(subscriber, client));
        await client.PublishAsync("line/1", "zero"u8.ToArray());
        await client.PublishAsync("line/2", "one"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await client.PublishAsync("line/3", "two"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        await Eventually.True(() => subscriber.Lines.Contains("line/3 2 0 two"));
        subscriber.Lines.Where(line => !line.Contains("probe")).ShouldBe(["line/1 0 0 zero", "line/2 1 0 one", "line/3 2 0 two"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_MessagesOfMosquittoPub_ReachTheHandlerWithTheirQuality(MqttProtocolVersion version)
    {
        var inbox = new Inbox();
        await using var client = await ConnectAsync(version);
        var subscription = await client.SubscribeAsync("line/+/t", MqttQualityOfService.ExactlyOnce, inbox.Take);
        subscription.GrantedQualityOfService.ShouldBe(MqttQualityOfService.ExactlyOnce);
        await PublishAsync("line/1/t", "a", "0");
        await PublishAsync("line/2/t", "b", "1");
        await PublishAsync("line/3/t", "c", "2");
        await Eventually.True(() => inbox.Count == 3);
        inbox.Messages.Select(message => (message.Topic, message.Text, message.QualityOfService)).ShouldBe(
        [
            ("line/1/t", "a", MqttQualityOfService.AtMostOnce),
            ("line/2/t", "b", MqttQualityOfService.AtLeastOnce),
            ("line/3/t", "c", MqttQualityOfService.ExactlyOnce),
        ]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_RetainedMessage_ComesMarkedAndCanBeRemoved(MqttProtocolVersion version)
    {
        await using var client = await ConnectAsync(version);
        await client.PublishAsync("kept", "value"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
        var first = new Inbox();
        await using (await client.SubscribeAsync("kept", MqttQualityOfService.AtLeastOnce, first.Take))
            await Eventually.True(() => first.Count == 1);
        first.Messages[0].ShouldSatisfyAllConditions(message => message.Retain.ShouldBeTrue(), message => message.Text.ShouldBe("value"));
        await client.PublishAsync("kept", default, MqttQualityOfService.AtLeastOnce, retain: true);
        var second = new Inbox();
        await client.SubscribeAsync("kept", MqttQualityOfService.AtLeastOnce, second.Take);
        await client.PublishAsync("kept", "live"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => second.Count == 1);
        second.Messages[0].Retain.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_OneMegabyte_ComesBackUnchanged(MqttProtocolVersion version)
    {
        var payload = RandomNumberGenerator.GetBytes(1024 * 1024);
        var received = new TaskCompletionSource<byte[]>();
        await using var client = await ConnectAsync(version);
        await client.SubscribeAsync("large", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            received.TrySetResult(message.Payload.ToArray());
            return default;
        });
        await client.PublishAsync("large", payload, MqttQualityOfService.AtLeastOnce);
        (await Eventually.Within(received.Task)).ShouldBe(payload);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Dispose_Subscription_StopsTheMessages(MqttProtocolVersion version)
    {
        var stopped = new Inbox();
        var kept = new Inbox();
        await using var client = await ConnectAsync(version);
        var subscription = await client.SubscribeAsync("a/b", MqttQualityOfService.AtMostOnce, stopped.Take);
        await client.SubscribeAsync("a/+", MqttQualityOfService.AtMostOnce, kept.Take);
        await client.PublishAsync("a/b", "1"u8.ToArray());
        await Eventually.True(() => stopped.Count == 1 && kept.Count == 1);
        await subscription.DisposeAsync();
        await client.PublishAsync("a/b", "2"u8.ToArray());
        await Eventually.True(() => kept.Count == 2);
        stopped.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ConnectAsync_WrongPassword_SaysSo(MqttProtocolVersion version)
    {
        await using var guarded = await Mosquitto.StartAsync("operator", "right");
        await using var wrong = new MqttClient(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = guarded.Port,
            ProtocolVersion = version,
            UserName = "operator",
            Password = "wrong-secret",
        });
        var error = await Should.ThrowAsync<MqttException>(wrong.ConnectAsync());
        error.ReasonCode.ShouldBeOneOf(MqttReasonCode.NotAuthorized, MqttReasonCode.BadUserNameOrPassword);
        error.Message.ShouldContain($"{guarded.Port}");
        error.Message.ShouldContain("Password");
        error.Message.ShouldNotContain("wrong-secret");
        wrong.State.ShouldBe(MqttClientState.Disconnected);

        await using var right = new MqttClient(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = guarded.Port,
            ProtocolVersion = version,
            UserName = "operator",
            Password = "right",
        });
        await right.ConnectAsync();
        right.State.ShouldBe(MqttClientState.Connected);
    }

    [Fact]
    public async Task ConnectAsync_NobodyListens_NamesAddressAndRemedy()
    {
        int port = Mosquitto.FreePort();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port });
        var error = await Should.ThrowAsync<MqttException>(client.ConnectAsync());
        error.Message.ShouldContain($"mqtt://127.0.0.1:{port}");
        var publish = await Should.ThrowAsync<MqttException>(client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask());
        publish.Message.ShouldContain("StartAsync");
        await Should.ThrowAsync<MqttException>(client.PublishAsync("a", default).AsTask());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Will_ConnectionBreaks_IsPublished(MqttProtocolVersion version)
    {
        var inbox = new Inbox();
        await using var observer = await ConnectAsync(version);
        await observer.SubscribeAsync("status", MqttQualityOfService.AtLeastOnce, inbox.Take);
        var will = new MqttWill { Topic = "status", Payload = "gone"u8.ToArray(), QualityOfService = MqttQualityOfService.AtLeastOnce };
        await using (var first = new MqttClient(Options(version, clientId: "press-4", will: will)))
        {
            await first.ConnectAsync();
            // Taking over the name breaks the first connection without a goodbye.
            await using var second = new MqttClient(Options(version, clientId: "press-4"));
            await second.ConnectAsync();
            await Eventually.True(() => inbox.Texts.Contains("gone"));
        }

        int before = inbox.Count;
        await using (var polite = new MqttClient(Options(version, clientId: "press-5", will: will)))
            await polite.ConnectAsync();
        await observer.PublishAsync("status", "end"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Texts.Contains("end"));
        inbox.Count.ShouldBe(before + 1, "a client that says goodbye leaves no will");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Session_MessagesWhileAway_AreDeliveredOnReturn(MqttProtocolVersion version)
    {
        await using (var first = new MqttClient(Options(version, "keeper", cleanStart: false)))
        {
            await first.ConnectAsync();
            await first.SubscribeAsync("orders", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        }

        for (int i = 0; i < 5; i++)
            await PublishAsync("orders", $"{i}", "1");
        var inbox = new Inbox();
        await using var second = new MqttClient(Options(version, "keeper", cleanStart: false));
        MqttStateChange connected = default;
        second.StateChanged += change => connected = change.State == MqttClientState.Connected ? change : connected;
        await second.SubscribeAsync("orders", MqttQualityOfService.AtLeastOnce, inbox.Take);
        await second.ConnectAsync();
        connected.SessionPresent.ShouldBeTrue();
        await Eventually.True(() => inbox.Count == 5);
        inbox.Texts.ShouldBe(["0", "1", "2", "3", "4"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ManualAcknowledgement_NotCompleted_IsDeliveredAgain(MqttProtocolVersion version)
    {
        var options = Options(version, "careful", cleanStart: false);
        options.ManualAcknowledgement = true;
        var first = new Inbox();
        await using (var client = new MqttClient(options))
        {
            await client.ConnectAsync();
            await client.SubscribeAsync("orders", MqttQualityOfService.AtLeastOnce, first.Take);
            for (int i = 0; i < 3; i++)
                await client.PublishAsync("orders", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce);
            await Eventually.True(() => first.Count == 3);
            first.Messages[0].Acknowledgement.Complete();
            // The third may not overtake the second, which is never completed.
            first.Messages[2].Acknowledgement.Complete();
        }

        var second = new Inbox();
        await using var again = new MqttClient(options);
        await again.SubscribeAsync("orders", MqttQualityOfService.AtLeastOnce, second.Take);
        await again.ConnectAsync();
        await Eventually.True(() => second.Count == 2);
        second.Texts.ShouldBe(["1", "2"]);
        second.Messages.ShouldAllBe(message => message.Duplicate);
        foreach (var message in second.Messages)
            message.Acknowledgement.Complete();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task OverlappingSubscriptions_OneMessage_CallsEachHandlerAtLeastOnceAndVersion5ExactlyOnce(MqttProtocolVersion version)
    {
        var wide = new Inbox();
        var narrow = new Inbox();
        await using var client = await ConnectAsync(version);
        await client.SubscribeAsync("a/#", MqttQualityOfService.AtMostOnce, wide.Take);
        await client.SubscribeAsync("a/b", MqttQualityOfService.AtMostOnce, narrow.Take);
        await client.PublishAsync("a/b", "x"u8.ToArray());
        await client.PublishAsync("a/end", "end"u8.ToArray());
        await Eventually.True(() => wide.Texts.Contains("end"));
        narrow.Count.ShouldBeGreaterThan(0);
        if (version == MqttProtocolVersion.V5)
        {
            wide.Texts.ShouldBe(["x", "end"]);
            narrow.Texts.ShouldBe(["x"]);
        }
    }

    [Fact]
    public async Task KeepAlive_ShortInterval_KeepsTheConnection()
    {
        var options = Options(MqttProtocolVersion.V5);
        options.KeepAlive = TimeSpan.FromSeconds(4);
        await using var client = new MqttClient(options);
        bool lost = false;
        client.StateChanged += change => lost |= change.State == MqttClientState.Disconnected;
        await client.ConnectAsync();
        // Mosquitto closes after 6 s of silence, so a connection that lasts 10 s proves that pings went out.
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.True(() => lost || watch.Elapsed > TimeSpan.FromSeconds(10));
        lost.ShouldBeFalse();
        await client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce);
    }

    private MqttClientOptions Options(MqttProtocolVersion version, string? clientId = null, bool cleanStart = true, MqttWill? will = null) => new()
    {
        Host = "127.0.0.1",
        Port = mosquitto.Port,
        ProtocolVersion = version,
        ClientId = clientId,
        CleanStart = cleanStart,
        SessionExpiry = cleanStart ? TimeSpan.Zero : TimeSpan.FromMinutes(5),
        Will = will,
    };

    private async Task<MqttClient> ConnectAsync(MqttProtocolVersion version)
    {
        var client = new MqttClient(Options(version));
        await client.ConnectAsync();
        return client;
    }

    private async Task PublishAsync(string topic, string text, string quality) =>
        (await Child.RunAsync(Mosquitto.Publisher, "-p", $"{mosquitto.Port}", "-t", topic, "-m", text, "-q", quality)).ExitCode.ShouldBe(0);

    private static bool Probe(Child subscriber, MqttClient client)
    {
        _ = client.PublishAsync("line/probe", default).AsTask();
        return subscriber.Lines.Length > 0;
    }
}
