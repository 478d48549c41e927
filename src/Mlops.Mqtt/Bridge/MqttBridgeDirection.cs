namespace Mlops.Mqtt;

/// <summary>Names which way messages pass a bridge.</summary>
[Flags]
public enum MqttBridgeDirection
{
    /// <summary>No way; not to be used.</summary>
    None = 0,

    /// <summary>From the local broker to the remote one.</summary>
    Out = 1,

    /// <summary>From the remote broker to the local one.</summary>
    In = 2,

    /// <summary>Both ways.</summary>
    Both = Out | In,
}
