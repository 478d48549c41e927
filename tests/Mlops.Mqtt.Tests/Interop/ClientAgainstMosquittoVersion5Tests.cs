using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Interop;

/// <summary>What our client asks of mosquitto beyond the basics: shares, delays, expiries, aliases and windows.</summary>
public sealed class ClientAgainstMosquittoVersion5Tests : IAsyncLifetime
{
    private readonly List<MqttClient> clients = [];
    private Mosquitto mosquitto = null!;

    public async Task InitializeAsync() => mosquitto = await Mosquitto.StartAsync(more: "max_queued_messages 0");

    public async Task DisposeAsync()
    {
        foreach (var client in clients)
            await client.DisposeAsync();
        await mosquitto.DisposeAsync();
    }

    [Fact]
    public async Task SharedSubscription_TwoMembers_EachMessageGoesToOne()
    {
        var inboxes = new Inbox[] { new(), new() };
        foreach (var inbox in inboxes)
            await (await ConnectAsync()).SubscribeAsync("$share/workers/jobs", MqttQualityOfService.AtLeastOnce, inbox.Take);
        var publisher = await ConnectAsync();
        for (int i = 0; i < 40; i++)
            await publisher.PublishAsync("jobs", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inboxes.Sum(inbox => inbox.Count) >= 40);
        inboxes.SelectMany(inbox => inbox.Texts).Order().ShouldBe(Enumerable.Range(0, 40).Select(i => $"{i}").Order());
        inboxes.ShouldAllBe(inbox => inbox.Count > 0);
    }

    [Fact]
    public async Task Will_WithDelay_IsPublishedLaterThanTheConnectionBroke()
    {
        var wills = new Inbox();
        await (await ConnectAsync()).SubscribeAsync("status", MqttQualityOfService.AtLeastOnce, wills.Take);
        await using var proxy = new CuttingProxy(mosquitto.Port, () => 1);
        var client = await ConnectAsync(options =>
        {
            options.Port = proxy.Port;
            options.SessionExpiry = TimeSpan.FromMinutes(1);
            options.Will = new MqttWill { Topic = "status", Payload = "gone"u8.ToArray(), Delay = TimeSpan.FromSeconds(3), ContentType = "text/plain" };
        });
        await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        var watch = Stopwatch.StartNew();
        // The first message from the broker is where the connection is cut.
        _ = client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask().ContinueWith(static done => done.Exception, TaskScheduler.Default);
        await Eventually.True(() => wills.Count == 1);
        // mosquitto counts whole seconds.
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
        wills.Texts.ShouldBe(["gone"]);
    }

    [Fact]
    public async Task Expiry_SessionAway_ShortOneIsGoneAndLongOneCountsDown()
    {
        static void Keep(MqttClientOptions options) => (options.ClientId, options.CleanStart, options.SessionExpiry) = ("panel", false, TimeSpan.FromMinutes(10));
        var first = await ConnectAsync(Keep);
        await first.SubscribeAsync("orders", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        await first.DisposeAsync();
        var publisher = await ConnectAsync();
        foreach (int seconds in new[] { 1, 1000 })
        {
            await publisher.PublishAsync(new MqttMessage
            {
                Topic = "orders",
                Payload = Encoding.UTF8.GetBytes($"{seconds}"),
                QualityOfService = MqttQualityOfService.AtLeastOnce,
                Expiry = TimeSpan.FromSeconds(seconds),
            });
        }

        var watch = Stopwatch.StartNew();
        await Eventually.True(() => watch.Elapsed > TimeSpan.FromSeconds(3));
        var arrived = new System.Collections.Concurrent.ConcurrentQueue<(string Text, TimeSpan? Left)>();
        var second = new MqttClient(Options(Keep));
        clients.Add(second);
        await second.SubscribeAsync("orders", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            arrived.Enqueue((Encoding.UTF8.GetString(message.Payload), message.Expiry));
            return default;
        });
        (await second.ConnectAsync()).SessionPresent.ShouldBeTrue();
        await Eventually.True(() => !arrived.IsEmpty);
        var (text, left) = arrived.ShouldHaveSingleItem();
        text.ShouldBe("1000");
        left!.Value.TotalSeconds.ShouldBeLessThan(999);
    }

    [Fact]
    public async Task TopicAliases_MoreTopicsThanMosquittoAllows_AllArriveUnderTheirNames()
    {
        var subscriber = await ConnectAsync();
        var inbox = new Inbox();
        await subscriber.SubscribeAsync("plant/#", MqttQualityOfService.AtLeastOnce, inbox.Take);
        var publisher = await ConnectAsync();
        publisher.LastConnect!.TopicAliasMaximum.ShouldBeGreaterThan(0);
        string[] topics = [.. Enumerable.Range(0, 200).Select(i => $"plant/line/{i % 25}")];
        foreach (string topic in topics)
            await publisher.PublishAsync(topic, "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == topics.Length);
        inbox.Messages.Select(message => message.Topic).ShouldBe(topics);
    }

    [Fact]
    public async Task ReceiveMaximum_OneOnEitherSide_ExactlyOnceKeepsItsOrder()
    {
        await using var narrow = await Mosquitto.StartAsync(more: "max_queued_messages 0\nmax_inflight_messages 1");
        void Narrow(MqttClientOptions options) => (options.Port, options.ReceiveMaximum) = (narrow.Port, 1);
        var inbox = new Inbox();
        await (await ConnectAsync(Narrow)).SubscribeAsync("a", MqttQualityOfService.ExactlyOnce, inbox.Take);
        var publisher = await ConnectAsync(Narrow);
        publisher.LastConnect!.ReceiveMaximum.ShouldBe(1);
        await Eventually.Within(Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            publisher.PublishAsync("a", Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), MqttQualityOfService.ExactlyOnce).AsTask())));
        await Eventually.True(() => inbox.Count >= 200);
        inbox.Texts.ShouldBe(Enumerable.Range(0, 200).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Topic_OfAsManyLevelsAsMosquittoTakes_ComesBack()
    {
        // Of more than 200 levels mosquitto takes neither topics nor filters.
        var client = await ConnectAsync();
        var inbox = new Inbox();
        string topic = string.Join('/', Enumerable.Range(0, 200));
        await client.SubscribeAsync(string.Join('/', Enumerable.Repeat("+", 200)), MqttQualityOfService.AtLeastOnce, inbox.Take);
        await client.PublishAsync(topic, "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 1);
        inbox.Messages[0].Topic.ShouldBe(topic);
    }

    private MqttClientOptions Options(Action<MqttClientOptions>? configure = null)
    {
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = mosquitto.Port };
        configure?.Invoke(options);
        return options;
    }

    private async Task<MqttClient> ConnectAsync(Action<MqttClientOptions>? configure = null)
    {
        var client = new MqttClient(Options(configure));
        clients.Add(client);
        await client.ConnectAsync();
        return client;
    }
}
