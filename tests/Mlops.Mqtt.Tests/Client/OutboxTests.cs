using System.Globalization;
using System.Text;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Client;

public sealed class OutboxTests : IDisposable
{
    private static readonly int Messages = Counts.Of(5_000, 100_000);

    private readonly string folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    private string OutboxFile => Path.Combine(folder, "outbox.db");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishAsync_WithoutBroker_CompletesAndArrivesInOrderLater(bool onDisk)
    {
        int port = Mosquitto.FreePort();
        await using var client = Client(port, onDisk);
        await client.StartAsync();
        await PublishAsync(client, 0, Messages);
        client.PendingPublishes.ShouldBe(Messages);
        await using var fixture = await StartAsync(port);
        await Eventually.True(() => fixture.Inbox.Count == Messages);
        fixture.Inbox.Texts.ShouldBe(Numbers(Messages));
        await Eventually.True(() => client.PendingPublishes == 0);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task PublishAsync_MosquittoStopsAndComesBackAgainAndAgain_EveryMessageArrivesInOrder(MqttProtocolVersion version)
    {
        await using var mosquitto = await Mosquitto.StartAsync(more: "max_queued_messages 0\nmax_inflight_messages 0");
        var inbox = new Inbox();
        await using var subscriber = Client(mosquitto.Port, configure: options =>
            (options.ProtocolVersion, options.ClientId, options.CleanStart, options.SessionExpiry, options.Outbox) = (version, "reader", false, TimeSpan.FromHours(1), null));
        await subscriber.SubscribeAsync("numbers", MqttQualityOfService.AtLeastOnce, inbox.Take);
        await subscriber.StartAsync();
        await using var client = Client(mosquitto.Port, onDisk: true, options =>
            (options.ProtocolVersion, options.ClientId, options.CleanStart, options.SessionExpiry) = (version, "writer", false, TimeSpan.FromHours(1)));
        await client.StartAsync();
        int part = Messages / 4;
        for (int i = 0; i < 4; i++)
        {
            var publishing = PublishAsync(client, i * part, part);
            int seen = inbox.Count;
            await Eventually.True(() => inbox.Count > seen);
            await mosquitto.StopAsync();
            await publishing;
            await mosquitto.RunAsync();
        }

        await Eventually.True(() => inbox.Texts.Distinct().Count() == 4 * part);
        // A repetition follows its first copy; without repetitions the order is the first one.
        inbox.Texts.Distinct().ShouldBe(Numbers(4 * part));
        await Eventually.True(() => client.PendingPublishes == 0);
    }

    [Fact]
    public async Task File_ProcessIsKilledTwiceWithTheBrokerAway_WhatWasKeptArrivesInOrder()
    {
        int port = Mosquitto.FreePort();
        int first = await PublishUntilKilledAsync(port, 0);
        // The broker is there for the second run, which is killed in the middle of sending.
        await using var fixture = await StartAsync(port);
        int second = await PublishUntilKilledAsync(port, 1_000_000);
        await using var client = Client(port, onDisk: true);
        await client.StartAsync();
        await PublishAsync(client, 2_000_000, 1);
        await Eventually.True(() => fixture.Inbox.Texts.Contains("2000000"));
        int[] arrived = [.. fixture.Inbox.Texts.Distinct().Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        arrived.ShouldBe(arrived.Order());
        arrived.Count(number => number <= first).ShouldBe(first + 1);
        arrived.Count(number => number >= 1_000_000 && number <= second).ShouldBe(second - 1_000_000 + 1);
    }

    [Fact]
    public async Task File_ClientEndsAndAnotherBegins_NothingIsLostOrDoubled()
    {
        int port = Mosquitto.FreePort();
        await using (var before = Client(port, onDisk: true))
            await PublishAsync(before, 0, 100);
        await using var fixture = await StartAsync(port);
        await using (var during = Client(port, onDisk: true))
        {
            during.PendingPublishes.ShouldBe(100);
            await during.StartAsync();
            await PublishAsync(during, 100, 100);
        }

        await using var after = Client(port, onDisk: true);
        await after.StartAsync();
        await PublishAsync(after, 200, 1);
        await Eventually.True(() => fixture.Inbox.Texts.Contains("200"));
        fixture.Inbox.Texts.ShouldBe(Numbers(201));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenFull_Refuse_SaysSoAndKeepsTheRest(bool onDisk)
    {
        int port = Mosquitto.FreePort();
        await using var client = Client(port, onDisk, options => (options.Outbox!.MaxMessages, options.Outbox.WhenFull) = (10, MqttOutboxFullPolicy.Refuse));
        await PublishAsync(client, 0, 10);
        var error = await Should.ThrowAsync<MqttException>(PublishAsync(client, 10, 1));
        error.ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        error.Message.ShouldContain("MaxMessages");
        await ShouldArriveAsync(client, port, Numbers(10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenFull_DropOldest_KeepsTheNewest(bool onDisk)
    {
        int port = Mosquitto.FreePort();
        await using var client = Client(port, onDisk, options => (options.Outbox!.MaxMessages, options.Outbox.WhenFull) = (10, MqttOutboxFullPolicy.DropOldest));
        for (int i = 0; i < 25; i++)
            await PublishAsync(client, i, 1);
        client.Counters.PublishesDropped.ShouldBe(15);
        client.PendingPublishes.ShouldBe(10);
        await ShouldArriveAsync(client, port, [.. Numbers(25).Skip(15)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenFull_DropNewest_KeepsTheOldest(bool onDisk)
    {
        int port = Mosquitto.FreePort();
        await using var client = Client(port, onDisk, options => (options.Outbox!.MaxBytes, options.Outbox.WhenFull) = (80, MqttOutboxFullPolicy.DropNewest));
        // Seven bytes of topic and one or two of payload each.
        await PublishAsync(client, 0, 25);
        client.Counters.PublishesDropped.ShouldBe(15);
        await ShouldArriveAsync(client, port, Numbers(10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenFull_Wait_PublishersWaitInTheirOrder(bool onDisk)
    {
        int port = Mosquitto.FreePort();
        await using var client = Client(port, onDisk, options => options.Outbox!.MaxMessages = 10);
        Task[] publishing = [.. Enumerable.Range(0, 50).Select(i => PublishAsync(client, i, 1))];
        using var cancel = new CancellationTokenSource();
        var cancelled = client.PublishAsync("numbers", "never"u8.ToArray(), MqttQualityOfService.AtLeastOnce, cancellationToken: cancel.Token).AsTask();
        await Task.WhenAll(publishing[..10]);
        publishing[10..].ShouldAllBe(task => !task.IsCompleted);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        await ShouldArriveAsync(client, port, Numbers(50));
        await Task.WhenAll(publishing);
    }

    [Fact]
    public async Task Properties_KeptInAFile_ArriveAndTheExpiredDoNot()
    {
        int port = Mosquitto.FreePort();
        await using (var client = Client(port, onDisk: true))
        {
            await client.PublishAsync(new MqttMessage { Topic = "numbers", Payload = "late"u8.ToArray(), QualityOfService = MqttQualityOfService.AtLeastOnce, Expiry = TimeSpan.Zero });
            await client.PublishAsync(new MqttMessage
            {
                Topic = "numbers",
                Payload = "kept"u8.ToArray(),
                QualityOfService = MqttQualityOfService.AtLeastOnce,
                ContentType = "text/plain",
                Expiry = TimeSpan.FromHours(1),
                UserProperties = [new MqttUserProperty("line", "4")],
                Retain = true,
            });
        }

        await using var fixture = await BrokerFixture.StartAsync(options => options.Port = port);
        await using var again = Client(port, onDisk: true);
        await again.StartAsync();
        await Eventually.True(() => again.PendingPublishes == 0);
        again.Counters.PublishesDropped.ShouldBe(1);
        MqttMessage? kept = null;
        using var subscription = fixture.Broker.Subscribe("numbers", (in MqttIncoming message) =>
        {
            kept = message.ToMessage();
            return default;
        });
        kept.ShouldNotBeNull();
        kept.ContentType.ShouldBe("text/plain");
        kept.UserProperties.ShouldBe([new MqttUserProperty("line", "4")]);
        kept.Expiry!.Value.ShouldBeInRange(TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Refused_ByTheBroker_IsLoggedCountedAndDoesNotHoldTheRestUp()
    {
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.Authorize = (in MqttAuthorizationContext request) => request.Topic != "forbidden");
        var inbox = new Inbox();
        using var subscription = fixture.Broker.Subscribe("#", inbox.Take);
        var log = new LogRecorder();
        await using var client = Client(fixture.Port, onDisk: true, logger: log);
        await client.StartAsync();
        await client.PublishAsync("forbidden", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await client.PublishAsync("allowed", "y"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => client.PendingPublishes == 0);
        inbox.Texts.ShouldBe(["y"]);
        client.Counters.PublishesDropped.ShouldBe(1);
        log.Warnings.ShouldHaveSingleItem().ShouldContain("'forbidden'");
    }

    [Fact]
    public async Task Create_FileInUseOrBroken_SaysWhich()
    {
        await using (var first = Client(1, onDisk: true))
            Should.Throw<IOException>(() => Client(1, onDisk: true)).Message.ShouldContain("another client");
        string broken = Path.Combine(folder, "broken.db");
        await File.WriteAllTextAsync(broken, new string('x', 5000));
        Should.Throw<IOException>(() => Client(1, onDisk: true, options => options.Outbox!.File = broken)).Message.ShouldContain(broken);
        Should.Throw<ArgumentException>(() => Client(1, onDisk: true, options => options.Outbox!.MaxMessages = 0)).Message.ShouldContain("Outbox.MaxMessages");
    }

    [Fact]
    public async Task FurtherServers_FirstIsAwayOrLost_ConnectsToTheNext()
    {
        await using var second = await Mosquitto.StartAsync();
        await using var third = await BrokerFixture.StartAsync();
        await using var client = Client(Mosquitto.FreePort(), configure: options =>
            options.FurtherServers = [new MqttServer("127.0.0.1", second.Port), new MqttServer("127.0.0.1", third.Port)]);
        await client.StartAsync();
        await Eventually.True(() => client.State == MqttClientState.Connected);
        third.Broker.Counters.ConnectedClients.ShouldBe(0);
        await second.KillAsync();
        await Eventually.True(() => third.Broker.Counters.ConnectedClients == 1);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    private static Task PublishAsync(MqttClient client, int from, int count) => Task.WhenAll(Enumerable.Range(from, count)
        .Select(i => client.PublishAsync("numbers", Encoding.ASCII.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce).AsTask()));

    private static async Task<Reader> StartAsync(int port)
    {
        var inbox = new Inbox();
        return new Reader(await BrokerFixture.StartAsync(options => options.Port = port, broker => broker.Subscribe("numbers", inbox.Take)), inbox);
    }

    private static async Task ShouldArriveAsync(MqttClient client, int port, string[] texts)
    {
        await using var fixture = await StartAsync(port);
        await client.StartAsync();
        await Eventually.True(() => client.PendingPublishes == 0);
        fixture.Inbox.Texts.ShouldBe(texts);
    }

    private MqttClient Client(int port, bool onDisk = false, Action<MqttClientOptions>? configure = null, LogRecorder? logger = null)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ReconnectDelay = TimeSpan.FromMilliseconds(50),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
            Outbox = new MqttOutboxOptions { File = onDisk ? OutboxFile : null },
        };
        configure?.Invoke(options);
        return new MqttClient(options, logger);
    }

    /// <summary>Runs a publisher in a process of its own, kills it, and tells the last number that it was told to be kept.</summary>
    private async Task<int> PublishUntilKilledAsync(int port, int from)
    {
        await using var publisher = Child.Start(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "OutboxPublisher.dll"), $"{port}", OutboxFile, $"{from}");
        await Eventually.True(() => publisher.HasExited || publisher.Lines.Length >= 1000, publisher.Errors);
        publisher.HasExited.ShouldBeFalse(publisher.Errors);
        await publisher.DisposeAsync();
        return int.Parse(publisher.Lines[^1], CultureInfo.InvariantCulture);
    }

    private sealed record Reader(BrokerFixture Fixture, Inbox Inbox) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Fixture.DisposeAsync();
    }
}
