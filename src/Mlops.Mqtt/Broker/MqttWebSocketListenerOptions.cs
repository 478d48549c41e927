namespace Mlops.Mqtt;

/// <summary>How a broker opens WebSockets (RFC 6455).</summary>
public sealed class MqttWebSocketListenerOptions
{
    /// <summary>Gets or sets the path at which MQTT is found.</summary>
    /// <value><c>/mqtt</c> by default.</value>
    public string Path { get; set; } = "/mqtt";

    /// <summary>Gets the origins (<c>https://plant.example</c>) of pages that may connect; <c>*</c> lets every page in.</summary>
    /// <value>
    /// Empty by default: pages that come from the same IP address as the broker, or both from <c>localhost</c>. Clients outside a
    /// browser have no origin and are not concerned.
    /// </value>
    public ICollection<string> AllowedOrigins { get; } = [];
}
