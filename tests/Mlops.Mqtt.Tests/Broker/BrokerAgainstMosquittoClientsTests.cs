using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class BrokerAgainstMosquittoClientsTests
{
    public static TheoryData<string> Versions => ["311", "5"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task PubAndSub_EveryQuality_MessagesArriveInOrder(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var subscriber = Subscribe(fixture, version, "-t", "line/#", "-q", "2", "-F", "%t %q %r %p");
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 1);
        await UntilSubscribed(fixture, subscriber);
        await PublishAsync(fixture, version, "-t", "line/1", "-m", "zero", "-q", "0");
        await PublishAsync(fixture, version, "-t", "line/2", "-m", "one", "-q", "1");
        await PublishAsync(fixture, version, "-t", "line/3", "-m", "two", "-q", "2");
        await Eventually.True(() => subscriber.Lines.Contains("line/3 2 0 two"));
        subscriber.Lines.Where(line => !line.Contains("probe")).ShouldBe(["line/1 0 0 zero", "line/2 1 0 one", "line/3 2 0 two"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Retained_LaterSubscriber_GetsItMarked(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await PublishAsync(fixture, version, "-t", "meta/1", "-m", "first", "-r");
        await PublishAsync(fixture, version, "-t", "meta/1", "-m", "second", "-q", "1", "-r");
        await PublishAsync(fixture, version, "-t", "meta/2", "-m", "other", "-q", "1", "-r");
        await PublishAsync(fixture, version, "-t", "meta/2", "-n", "-q", "1", "-r");
        await using var subscriber = Subscribe(fixture, version, "-t", "meta/+", "-q", "1", "-F", "%t %q %r %p");
        await Eventually.True(() => subscriber.Lines.Length > 0);
        await UntilSubscribed(fixture, subscriber, "meta/probe");
        subscriber.Lines.Where(line => !line.Contains("probe")).ShouldBe(["meta/1 1 1 second"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Will_SubscriberIsKilled_IsPublished(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        using var watch = fixture.Broker.Subscribe("status/#", inbox.Take);
        var dying = Subscribe(
            fixture, version, "-t", "x", "-i", "dying", "--will-topic", "status/dying", "--will-payload", "gone", "--will-qos", "1", "--will-retain");
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 1);
        await dying.DisposeAsync();
        await Eventually.True(() => inbox.Count == 1);
        inbox.Messages[0].Text.ShouldBe("gone");
        await using var later = Subscribe(fixture, version, "-t", "status/#", "-F", "%t %r %p");
        await Eventually.True(() => later.Lines.Contains("status/dying 1 gone"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Session_ClientAway_MessagesAreKeptForIt(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        string[] session = version == "5" ? ["-c", "-x", "300"] : ["-c"];
        await using (var first = Subscribe(fixture, version, ["-i", "keeper", "-t", "orders", "-q", "1", "-F", "%p", .. session]))
            await UntilSubscribed(fixture, first, "orders");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        for (int i = 0; i < 5; i++)
            await PublishAsync(fixture, version, "-t", "orders", "-m", $"{i}", "-q", "1");
        await using var second = Subscribe(fixture, version, ["-i", "keeper", "-t", "orders", "-q", "1", "-F", "%p", .. session]);
        await Eventually.True(() => second.Lines.Contains("4"));
        second.Lines.Where(line => line != "probe").ShouldBe(["0", "1", "2", "3", "4"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Connect_WrongPassword_IsRefused(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.Users["operator"] = "right");
        (await RunPublisherAsync(fixture, version, "-t", "a", "-m", "x", "-u", "operator", "-P", "wrong-secret")).ExitCode.ShouldNotBe(0);
        (await RunPublisherAsync(fixture, version, "-t", "a", "-m", "x", "-u", "nobody", "-P", "")).ExitCode.ShouldNotBe(0);
        (await RunPublisherAsync(fixture, version, "-t", "a", "-m", "x", "-u", "operator", "-P", "right")).ExitCode.ShouldBe(0);
        fixture.Broker.Counters.ConnectionsRefused.ShouldBe(2);
        fixture.Log.Warnings.ShouldContain(line => line.Contains("BadUserNameOrPassword"));
        fixture.Log.Warnings.ShouldAllBe(line => !line.Contains("wrong-secret"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Pub_OneMegabyte_Arrives(string version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var received = new TaskCompletionSource<byte[]>();
        using var watch = fixture.Broker.Subscribe("large", (in MqttIncoming message) =>
        {
            received.TrySetResult(message.Payload.ToArray());
            return default;
        });
        string file = Path.GetTempFileName();
        try
        {
            var payload = new byte[1024 * 1024];
            new Random(5).NextBytes(payload);
            await File.WriteAllBytesAsync(file, payload);
            await PublishAsync(fixture, version, "-t", "large", "-f", file, "-q", "1");
            (await Eventually.Within(received.Task)).ShouldBe(payload);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Pub_Version5Properties_ReachTheSubscriberUnchanged()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var subscriber = Subscribe(fixture, "5", "-t", "a", "-F", "%C|%R|%D|%P|%p");
        await UntilSubscribed(fixture, subscriber, "a");
        await PublishAsync(
            fixture,
            "5",
            "-t", "a", "-m", "x",
            "-D", "publish", "content-type", "text/plain",
            "-D", "publish", "response-topic", "answers",
            "-D", "publish", "correlation-data", "42",
            "-D", "publish", "user-property", "unit", "mm");
        await Eventually.True(() => subscriber.Lines.Any(line => line.EndsWith("|x", StringComparison.Ordinal)));
        subscriber.Lines.ShouldContain("text/plain|answers|42|unit:mm|x");
    }

    private static async Task UntilSubscribed(BrokerFixture fixture, Child subscriber, string topic = "line/probe")
    {
        await Eventually.True(() =>
        {
            _ = fixture.Broker.PublishAsync(topic, "probe"u8.ToArray()).AsTask();
            return subscriber.Lines.Any(line => line.Contains("probe"));
        });
    }

    private static Child Subscribe(BrokerFixture fixture, string version, params string[] arguments) =>
        Child.Start(Mosquitto.Subscriber, ["-h", "127.0.0.1", "-p", $"{fixture.Port}", "-V", version, "-W", "100", .. arguments]);

    private static Task<(int ExitCode, string[] Lines, string Errors)> RunPublisherAsync(
        BrokerFixture fixture, string version, params string[] arguments) =>
        Child.RunAsync(Mosquitto.Publisher, ["-h", "127.0.0.1", "-p", $"{fixture.Port}", "-V", version, .. arguments]);

    private static async Task PublishAsync(BrokerFixture fixture, string version, params string[] arguments)
    {
        var (exitCode, _, errors) = await RunPublisherAsync(fixture, version, arguments);
        exitCode.ShouldBe(0, errors);
    }
}
