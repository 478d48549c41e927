using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>A bus over MQTT, with the steps in which it is opened and closed.</summary>
internal interface IMqttBus : IMessageBus, IMqttEndpoint
{
    /// <summary>Gets the broker in this process, or <see langword="null"/> when it is outside.</summary>
    MqttBroker? Broker { get; }

    /// <summary>Says how another client of this node reaches a broker outside; <see langword="null"/> when the broker is in this process.</summary>
    MqttClientOptions? LocalClient();

    /// <summary>Begins to carry messages.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Takes no more messages and waits until those that were taken are acknowledged. Publishing goes on.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Ends. What was not acknowledged comes again after the next start.</summary>
    Task CloseAsync(CancellationToken cancellationToken);
}
