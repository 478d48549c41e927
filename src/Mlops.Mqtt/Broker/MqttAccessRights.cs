namespace Mlops.Mqtt;

/// <summary>Names what a rule allows.</summary>
[Flags]
public enum MqttAccessRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Subscribing.</summary>
    Read = 1,

    /// <summary>Publishing.</summary>
    Write = 2,

    /// <summary>Subscribing and publishing.</summary>
    ReadWrite = Read | Write,
}
