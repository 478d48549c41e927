namespace Mlops.Drivers.MqttDecoder;

/// <summary>The order of the bytes of a number.</summary>
public enum ByteOrder
{
    /// <summary>The lowest first.</summary>
    Little,

    /// <summary>The highest first, as on the network.</summary>
    Big,
}
