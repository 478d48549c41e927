namespace Mlops.Drivers.MqttDecoder;

/// <summary>How a value stands in a payload.</summary>
public enum PayloadType
{
    /// <summary>IEEE 754, 8 bytes; in text, a number.</summary>
    Float64,

    /// <summary>IEEE 754, 4 bytes.</summary>
    Float32,

    /// <summary>Signed, 1 byte.</summary>
    Int8,

    /// <summary>Signed, 2 bytes.</summary>
    Int16,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Signed, 8 bytes; in text, a whole number.</summary>
    Int64,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>Unsigned, 2 bytes.</summary>
    UInt16,

    /// <summary>Unsigned, 4 bytes.</summary>
    UInt32,

    /// <summary>Unsigned, 8 bytes.</summary>
    UInt64,

    /// <summary>1 byte, 0 is false; in text, true, false, 1 or 0.</summary>
    Boolean,

    /// <summary>UTF-8 of a fixed length, up to the first zero byte; in text, as it is.</summary>
    Text,
}
