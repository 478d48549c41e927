namespace Mlops.Mqtt.Protocol;

/// <summary>Says that the peer sent bytes that break the protocol; the connection is closed with the reason code.</summary>
internal sealed class MqttProtocolException(MqttReasonCode reasonCode, string message) : MqttException(reasonCode, message)
{
    public static MqttProtocolException Malformed(string message) => new(MqttReasonCode.MalformedPacket, message);

    public static MqttProtocolException NotAllowed(string message) => new(MqttReasonCode.ProtocolError, message);
}
