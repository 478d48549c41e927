namespace Mlops.Drivers.OpcUa.Types;

/// <summary>What identifies a node within its namespace; the numbers are those of OPC 10000-3, 8.2.3.</summary>
public enum NodeIdKind : byte
{
    /// <summary>A number, <c>i=</c>.</summary>
    Numeric = 0,

    /// <summary>A text, <c>s=</c>.</summary>
    String = 1,

    /// <summary>A GUID, <c>g=</c>.</summary>
    Guid = 2,

    /// <summary>Bytes, <c>b=</c>, written in base 64.</summary>
    Opaque = 3,
}
