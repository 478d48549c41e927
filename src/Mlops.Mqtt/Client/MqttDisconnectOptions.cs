using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt;

/// <summary>What a client says when it disconnects. A 3.1.1 broker is only told that it does.</summary>
public sealed class MqttDisconnectOptions
{
    /// <summary>Gets or sets whether the broker is to publish the will all the same (MQTT 5).</summary>
    public bool PublishWill { get; set; }

    /// <summary>Gets or sets how long the broker keeps the session from now on (MQTT 5), instead of what was asked for at the connect.</summary>
    public TimeSpan? SessionExpiry { get; set; }

    /// <summary>Gets or sets what the broker is told in words (MQTT 5).</summary>
    public string? ReasonString { get; set; }

    internal DisconnectPacket ToPacket() => new(
        PublishWill ? MqttReasonCode.DisconnectWithWill : MqttReasonCode.Success,
        SessionExpiry is { } expiry ? (uint)Math.Min(uint.MaxValue, Math.Ceiling(expiry.TotalSeconds)) : null,
        ReasonString);
}
