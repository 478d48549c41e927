namespace Mlops.Mqtt.Protocol;

/// <summary>The last will as CONNECT carries it; <c>Properties</c> holds those that travel with the message, encoded.</summary>
internal sealed record WillMessage(
    string Topic,
    ReadOnlyMemory<byte> Payload,
    MqttQualityOfService QualityOfService,
    bool Retain,
    uint DelaySeconds,
    ReadOnlyMemory<byte> Properties);
