namespace Mlops.Mqtt;

/// <summary>Names a version of the protocol by the level byte that CONNECT carries.</summary>
public enum MqttProtocolVersion : byte
{
    /// <summary>No CONNECT has been seen yet.</summary>
    Unknown = 0,

    /// <summary>MQTT 3.1.1 (OASIS standard of 2014).</summary>
    V311 = 4,

    /// <summary>MQTT 5.0 (OASIS standard of 2019).</summary>
    V5 = 5,
}
