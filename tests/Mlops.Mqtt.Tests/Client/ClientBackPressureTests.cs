using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Client;

public class ClientBackPressureTests
{
    [Fact]
    public async Task PublishAsync_BrokerDoesNotRead_WaitsAndGoesOn()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, MaxPendingPublishes = 4 });
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(sessionPresent: false);
        await connecting;
        var payload = new byte[1_000_000];
        Task waiting = Task.CompletedTask;
        for (int i = 0; i < 200 && waiting.IsCompleted; i++)
            waiting = client.PublishAsync("a", payload).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        client.PendingPublishes.ShouldBeLessThanOrEqualTo(4);
        var buffer = new byte[1_000_000];
        while (!waiting.IsCompleted)
            await Eventually.Within(peer.Stream.ReadAsync(buffer).AsTask());
        await waiting;
    }

    [Fact]
    public async Task Handler_IncompleteTask_StopsReadingAndAcknowledging()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxInFlightPerSession = 1);
        var gate = new TaskCompletionSource();
        var inbox = new Inbox();
        var client = await fixture.ConnectAsync();
        await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            inbox.Keep(message);
            return new ValueTask(gate.Task);
        });
        for (int i = 0; i < 3; i++)
            await fixture.Broker.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 1);
        gate.SetResult();
        await Eventually.True(() => inbox.Count == 3);
    }

    [Fact]
    public async Task Handler_Throws_IsCountedAndTheNextMessageComes()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var log = new LogRecorder();
        var inbox = new Inbox();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = fixture.Port, ManualAcknowledgement = true }, log);
        await client.ConnectAsync();
        await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            inbox.Keep(message);
            return inbox.Count switch
            {
                1 => throw new FormatException("bad payload"),
                2 => ValueTask.FromException(new FormatException("bad payload")),
                _ => default,
            };
        });
        for (int i = 0; i < 3; i++)
            await fixture.Broker.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 3);
        client.Counters.HandlerFailures.ShouldBe(2);
        log.Warnings.Count(line => line.Contains("'a'")).ShouldBe(2);
        client.State.ShouldBe(MqttClientState.Connected);
    }

    [Fact]
    public async Task ReadAsync_ReaderTakesOneAfterTheOther_NoMoreThanTheCapacityIsReadAhead()
    {
        const int Messages = 60, Capacity = 5;
        await using var fixture = await BrokerFixture.StartAsync();
        for (int i = 0; i < Messages; i++)
            await fixture.Broker.PublishAsync($"s/{i}", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
        var client = await fixture.ConnectAsync();
        await using var reader = client.ReadAsync("s/#", capacity: Capacity).GetAsyncEnumerator();
        for (int taken = 1; taken <= Messages; taken++)
        {
            (await Eventually.Within(reader.MoveNextAsync().AsTask())).ShouldBeTrue();
            // What was taken, what waits, and the one for which there is no place, which stops the reading.
            int most = Math.Min(Messages, taken + Capacity + 1);
            await Eventually.True(() => client.Counters.MessagesReceived >= most);
            client.Counters.MessagesReceived.ShouldBe(most);
        }
    }

    [Fact]
    public async Task StartAsync_Twice_IsRefused()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var client = await fixture.ConnectAsync();
        await Should.ThrowAsync<InvalidOperationException>(client.StartAsync());
        await client.DisconnectAsync();
        await client.StartAsync();
        client.State.ShouldBe(MqttClientState.Connected);
    }

    [Fact]
    public void Constructor_SeveralBadOptions_NamesThemAll()
    {
        var error = Should.Throw<ArgumentException>(() => new MqttClient(new MqttClientOptions { Port = 0, Host = "", ReceiveMaximum = 70_000 }));
        error.Message.ShouldContain("Port is '0'");
        error.Message.ShouldContain("Host");
        error.Message.ShouldContain("ReceiveMaximum is '70000'");
    }

    [Fact]
    public async Task DisconnectAsync_AfterQualityZero_SendsEverythingFirst()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        using var watch = fixture.Broker.Subscribe("a", inbox.Take);
        var client = await fixture.ConnectAsync();
        for (int i = 0; i < 500; i++)
            await client.PublishAsync("a", "x"u8.ToArray());
        await client.DisconnectAsync();
        await Eventually.True(() => inbox.Count == 500);
    }
}
