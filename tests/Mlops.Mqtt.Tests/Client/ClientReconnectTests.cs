using System.Collections.Concurrent;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Client;

public sealed class ClientReconnectTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task StartAsync_BrokerIsKilledAndComesBack_DeliversEveryPublishAndSubscribesAgain(MqttProtocolVersion version)
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        var inbox = new Inbox();
        var changes = new ConcurrentQueue<MqttClientState>();
        await using var client = Started(mosquitto.Port, version, "steady");
        client.StateChanged += change => changes.Enqueue(change.State);
        await client.SubscribeAsync("results", MqttQualityOfService.AtLeastOnce, inbox.Take);
        await client.StartAsync();
        client.State.ShouldBe(MqttClientState.Connected);
        await client.PublishAsync("results", "before"u8.ToArray(), MqttQualityOfService.AtLeastOnce);

        await mosquitto.KillAsync();
        await Eventually.True(() => client.State != MqttClientState.Connected);
        var publishes = Enumerable.Range(0, 50)
            .Select(i => client.PublishAsync("results", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce).AsTask())
            .ToArray();
        await client.PublishAsync("results", "lost"u8.ToArray());
        client.Counters.PublishesDropped.ShouldBe(1);
        publishes.ShouldAllBe(task => !task.IsCompleted);

        await mosquitto.RunAsync();
        await Eventually.Within(Task.WhenAll(publishes));
        await Eventually.True(() => inbox.Texts.Contains("49"));
        inbox.Texts.Where(text => text != "before").Distinct().ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
        client.Counters.Reconnects.ShouldBe(1);
        changes.ShouldContain(MqttClientState.Disconnected);
        await Eventually.True(() => changes.Last() == MqttClientState.Connected);
    }

    [Fact]
    public async Task StartAsync_NobodyListens_ReturnsAndConnectsLater()
    {
        int port = Mosquitto.FreePort();
        await using var client = Started(port, MqttProtocolVersion.V5, null);
        await client.StartAsync();
        client.State.ShouldNotBe(MqttClientState.Connected);
        var publish = client.PublishAsync("a", "b"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true).AsTask();
        await using var broker = new MqttBroker(new MqttBrokerOptions { Port = port });
        await broker.StartAsync();
        await Eventually.Within(publish);
        await Eventually.True(() => client.State == MqttClientState.Connected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAsync_ConnectionBreaksBeforePubAck_SendsAgainMarkedOnlyIfTheSessionIsThere(bool sessionPresent)
    {
        using var broker = new ScriptedBroker();
        await using var client = Started(broker.Port, MqttProtocolVersion.V5, "again");
        var starting = client.StartAsync();
        var first = await broker.AcceptAsync(sessionPresent: false);
        await starting;
        var publish = client.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce).AsTask();
        var sent = await first.ReadPublishAsync();
        sent.Duplicate.ShouldBeFalse();
        first.Dispose();

        using var second = await broker.AcceptAsync(sessionPresent);
        var again = await second.ReadPublishAsync();
        again.Duplicate.ShouldBe(sessionPresent);
        again.PacketId.ShouldBe(sent.PacketId);
        publish.IsCompleted.ShouldBeFalse();
        await second.AcknowledgeAsync(again.PacketId);
        await Eventually.Within(publish);
    }

    [Fact]
    public async Task KeepAlive_BrokerGoesSilent_ConnectionIsGivenUp()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, KeepAlive = TimeSpan.FromSeconds(1) });
        var lost = new TaskCompletionSource<MqttStateChange>();
        client.StateChanged += change =>
        {
            if (change.State == MqttClientState.Disconnected)
                lost.TrySetResult(change);
        };
        var connecting = client.ConnectAsync();
        using var peer = await broker.AcceptAsync(sessionPresent: false);
        await connecting;
        (await Eventually.Within(lost.Task)).Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);
        await Should.ThrowAsync<MqttException>(client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask());
    }

    [Fact]
    public async Task Dispose_PublishesPending_FailThem()
    {
        var client = Started(Mosquitto.FreePort(), MqttProtocolVersion.V5, null);
        await client.StartAsync();
        var publish = client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask();
        await client.DisposeAsync();
        await Should.ThrowAsync<MqttException>(Eventually.Within(publish));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task PublishAsync_CancelledWhileWaiting_EndsTheWaiting()
    {
        await using var client = Started(Mosquitto.FreePort(), MqttProtocolVersion.V5, null);
        await client.StartAsync();
        using var cancel = new CancellationTokenSource();
        var publish = client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Eventually.Within(publish));
    }

    private static MqttClient Started(int port, MqttProtocolVersion version, string? clientId) => new(new MqttClientOptions
    {
        Host = "127.0.0.1",
        Port = port,
        ProtocolVersion = version,
        ClientId = clientId,
        ReconnectDelay = TimeSpan.FromMilliseconds(50),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        SessionExpiry = TimeSpan.FromMinutes(1),
    });
}
