namespace Mlops.Mqtt.Bridge;

/// <summary>One of the two brokers of a bridge.</summary>
internal interface IBridgeSide : IAsyncDisposable
{
    /// <summary>Subscribes; before <see cref="StartAsync"/>, so that a resumed session finds its handlers.</summary>
    Task SubscribeAsync(Passage passage, MqttMessageHandler handler);

    /// <summary>Begins; completes after the first attempt to connect.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Hands a message over. Complete when it is on the broker, or kept for it.</summary>
    ValueTask PublishAsync(MqttMessage message);

    /// <summary>Ends the taking of messages, so that nothing more is handed to the other side.</summary>
    Task StopTakingAsync();
}
