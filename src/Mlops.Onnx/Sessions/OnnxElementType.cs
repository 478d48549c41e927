namespace Mlops.Onnx.Sessions;

/// <summary>Type of the elements of a tensor, numbered as in ONNX.</summary>
public enum OnnxElementType
{
    /// <summary>Not a tensor, or of no known type.</summary>
    None = 0,

    /// <summary>32 bits of floating point.</summary>
    Float = 1,

    /// <summary>8 bits without sign.</summary>
    UInt8 = 2,

    /// <summary>8 bits with sign.</summary>
    Int8 = 3,

    /// <summary>16 bits without sign.</summary>
    UInt16 = 4,

    /// <summary>16 bits with sign.</summary>
    Int16 = 5,

    /// <summary>32 bits with sign.</summary>
    Int32 = 6,

    /// <summary>64 bits with sign.</summary>
    Int64 = 7,

    /// <summary>Text in UTF-8.</summary>
    String = 8,

    /// <summary>True or false, a byte each.</summary>
    Bool = 9,

    /// <summary>16 bits of floating point (IEEE 754).</summary>
    Float16 = 10,

    /// <summary>64 bits of floating point.</summary>
    Double = 11,

    /// <summary>32 bits without sign.</summary>
    UInt32 = 12,

    /// <summary>64 bits without sign.</summary>
    UInt64 = 13,

    /// <summary>16 bits of floating point with the exponent of 32 bits.</summary>
    BFloat16 = 16,
}
