namespace Mlops.Drivers.OpcUa.Types;

/// <summary>The types that OPC UA messages are made of (OPC 10000-6, 5.1.2); the numbers are those on the wire.</summary>
public enum BuiltInType : byte
{
    /// <summary>No value.</summary>
    Null = 0,

    /// <summary>True or false.</summary>
    Boolean = 1,

    /// <summary>Signed, 8 bits.</summary>
    SByte = 2,

    /// <summary>Unsigned, 8 bits.</summary>
    Byte = 3,

    /// <summary>Signed, 16 bits.</summary>
    Int16 = 4,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16 = 5,

    /// <summary>Signed, 32 bits; enumerations too.</summary>
    Int32 = 6,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32 = 7,

    /// <summary>Signed, 64 bits.</summary>
    Int64 = 8,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64 = 9,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 10,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 11,

    /// <summary>UTF-8 text.</summary>
    String = 12,

    /// <summary>An instant, 100 ns since 1601-01-01 UTC.</summary>
    DateTime = 13,

    /// <summary>16 bytes that are unique.</summary>
    Guid = 14,

    /// <summary>Bytes.</summary>
    ByteString = 15,

    /// <summary>A text that is XML.</summary>
    XmlElement = 16,

    /// <summary>Names a node.</summary>
    NodeId = 17,

    /// <summary>Names a node, possibly by its namespace's URI or in another server.</summary>
    ExpandedNodeId = 18,

    /// <summary>How an operation ended.</summary>
    StatusCode = 19,

    /// <summary>A name in a namespace.</summary>
    QualifiedName = 20,

    /// <summary>A text in a language.</summary>
    LocalizedText = 21,

    /// <summary>A structure, encoded.</summary>
    ExtensionObject = 22,

    /// <summary>A value with status and times.</summary>
    DataValue = 23,

    /// <summary>A value of any type.</summary>
    Variant = 24,

    /// <summary>More about an error.</summary>
    DiagnosticInfo = 25,
}
