namespace Mlops.Messaging;

/// <summary>
/// Carries messages between assets, the framework and the plant; MQTT is one choice of several. Reconnects by itself and
/// subscribes again. Implementations are thread-safe.
/// </summary>
public interface IMessageBus
{
    /// <summary>Gets whether messages flow now.</summary>
    BusState State { get; }

    /// <summary>Occurs after <see cref="State"/> has changed; also after each reconnection.</summary>
    event Action<BusState>? StateChanged;

    /// <summary>Publishes at least once.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The payload; it must not change until the task completes.</param>
    /// <param name="retain">Whether the broker keeps it for later subscribers.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when the broker has taken the message.</returns>
    ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain = false, CancellationToken cancellationToken = default);

    /// <summary>Subscribes with acknowledgement per message; kept over reconnections until disposed.</summary>
    /// <param name="topicFilter">Topic, with <c>+</c> for one level and <c>#</c> for the rest.</param>
    /// <param name="handler">Receives the messages; completes each one's <see cref="BusMessage.Acknowledgement"/>.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    IDisposable Subscribe(string topicFilter, BusMessageHandler handler);
}
