namespace Mlops.Data;

/// <summary>The physical type of a column. The numbers are persisted and never reused.</summary>
public enum FieldType : byte
{
    /// <summary>True or false, one byte a value (0 or 1).</summary>
    Boolean = 1,

    /// <summary>Signed 64-bit integer. Every signed and every unsigned databus integer up to 32 bits is stored as this.</summary>
    Int64 = 2,

    /// <summary>Unsigned 64-bit integer (databus ULInt, LWord).</summary>
    UInt64 = 3,

    /// <summary>IEEE 754 double (databus Real and LReal).</summary>
    Float64 = 4,

    /// <summary>UTF-8 text.</summary>
    Text = 5,

    /// <summary>An instant, nanoseconds since 1970-01-01 UTC as a signed 64-bit integer.</summary>
    Timestamp = 6,

    /// <summary>A list of Booleans, any number a record, one byte each.</summary>
    BooleanList = 17,

    /// <summary>A list of signed 64-bit integers.</summary>
    Int64List = 18,

    /// <summary>A list of unsigned 64-bit integers.</summary>
    UInt64List = 19,

    /// <summary>A list of doubles; NaN where an element is missing.</summary>
    Float64List = 20,

    /// <summary>A list of UTF-8 texts.</summary>
    TextList = 21,

    /// <summary>A list of instants, nanoseconds since 1970-01-01 UTC.</summary>
    TimestampList = 22,
}
