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
}
