namespace Mlops.Mqtt.Bridge;

/// <summary>A broker that a client connects to.</summary>
internal sealed class ClientSide(MqttClient client) : IBridgeSide
{
    public MqttClient Client { get; } = client;

    public Task SubscribeAsync(Passage passage, MqttMessageHandler handler) => Client.SubscribeAsync(passage.Filter, passage.Subscribe, handler);

    public Task StartAsync(CancellationToken cancel) => Client.StartAsync(cancel);

    public ValueTask PublishAsync(MqttMessage message) => Client.PublishAsync(message);

    /// <summary>Disconnects; the broker goes on collecting for the session.</summary>
    public Task StopTakingAsync() => Client.DisconnectAsync();

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
