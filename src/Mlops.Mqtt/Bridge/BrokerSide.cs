namespace Mlops.Mqtt.Bridge;

/// <summary>
/// The broker in this process. Who has published to it waits for PUBACK until the bridge keeps the message; what the bridge gives to it
/// passes its hooks, and is on it when none of them and no subscriber holds it any more.
/// </summary>
internal sealed class BrokerSide(MqttBroker broker, string name) : IBridgeSide
{
    private readonly List<(Passage Passage, MqttMessageHandler Handler)> wanted = [];
    private readonly List<IDisposable> subscriptions = [];
    private readonly string clientId = $"bridge-{name}";

    public Task SubscribeAsync(Passage passage, MqttMessageHandler handler)
    {
        wanted.Add((passage, handler));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancel)
    {
        foreach (var (passage, handler) in wanted)
            subscriptions.Add(broker.SubscribeAsPublished(passage.Filter, handler));
        return Task.CompletedTask;
    }

    public ValueTask PublishAsync(MqttMessage message) => broker.PublishBridgedAsync(message, clientId);

    public Task StopTakingAsync()
    {
        subscriptions.ForEach(subscription => subscription.Dispose());
        subscriptions.Clear();
        return Task.CompletedTask;
    }

    /// <summary>The broker itself is its owner's.</summary>
    public ValueTask DisposeAsync() => new(StopTakingAsync());
}
