namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What counts as a change of a node (OPC 10000-4, 7.10); the numbers are those on the wire.</summary>
public enum OpcUaChange
{
    /// <summary>Another status.</summary>
    Status = 0,

    /// <summary>Another status or value.</summary>
    Value = 1,

    /// <summary>Another status, value or time of the source.</summary>
    Timestamp = 2,
}
