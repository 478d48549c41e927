namespace Mlops.DuckDb;

/// <summary>Types of columns, numbered as in DuckDB's C API. The remarks of each name what its values are in memory.</summary>
public enum DuckDbType
{
    /// <summary>No type: the column does not exist.</summary>
    Invalid = 0,

    /// <summary>BOOLEAN, one byte, 0 or 1: <see cref="bool"/>.</summary>
    Boolean = 1,

    /// <summary>TINYINT: <see cref="sbyte"/>.</summary>
    TinyInt = 2,

    /// <summary>SMALLINT: <see cref="short"/>.</summary>
    SmallInt = 3,

    /// <summary>INTEGER: <see cref="int"/>.</summary>
    Integer = 4,

    /// <summary>BIGINT: <see cref="long"/>.</summary>
    BigInt = 5,

    /// <summary>UTINYINT: <see cref="byte"/>.</summary>
    UTinyInt = 6,

    /// <summary>USMALLINT: <see cref="ushort"/>.</summary>
    USmallInt = 7,

    /// <summary>UINTEGER: <see cref="uint"/>.</summary>
    UInteger = 8,

    /// <summary>UBIGINT: <see cref="ulong"/>.</summary>
    UBigInt = 9,

    /// <summary>FLOAT: <see cref="float"/>.</summary>
    Float = 10,

    /// <summary>DOUBLE: <see cref="double"/>.</summary>
    Double = 11,

    /// <summary>TIMESTAMP, microseconds since 1970: <see cref="long"/>.</summary>
    Timestamp = 12,

    /// <summary>DATE, days since 1970-01-01: <see cref="int"/>.</summary>
    Date = 13,

    /// <summary>TIME, microseconds since midnight: <see cref="long"/>.</summary>
    Time = 14,

    /// <summary>INTERVAL; not read by this binding, cast it in SQL.</summary>
    Interval = 15,

    /// <summary>HUGEINT: <see cref="System.Int128"/>.</summary>
    HugeInt = 16,

    /// <summary>VARCHAR, UTF-8 text.</summary>
    Varchar = 17,

    /// <summary>BLOB, bytes.</summary>
    Blob = 18,

    /// <summary>DECIMAL, an integer to be divided by ten to the power of the scale: <see cref="short"/>, <see cref="int"/>, <see cref="long"/> or <see cref="System.Int128"/> by width.</summary>
    Decimal = 19,

    /// <summary>TIMESTAMP_S, seconds since 1970: <see cref="long"/>.</summary>
    TimestampSeconds = 20,

    /// <summary>TIMESTAMP_MS, milliseconds since 1970: <see cref="long"/>.</summary>
    TimestampMilliseconds = 21,

    /// <summary>TIMESTAMP_NS, nanoseconds since 1970: <see cref="long"/>.</summary>
    TimestampNanoseconds = 22,

    /// <summary>ENUM; not read by this binding, cast it to VARCHAR in SQL.</summary>
    Enum = 23,

    /// <summary>LIST, any number of elements a row.</summary>
    List = 24,

    /// <summary>STRUCT; not read by this binding, select its members in SQL.</summary>
    Struct = 25,

    /// <summary>MAP; not read by this binding, select its entries in SQL.</summary>
    Map = 26,

    /// <summary>UUID; not read by this binding, cast it to VARCHAR in SQL.</summary>
    Uuid = 27,

    /// <summary>UNION; not read by this binding, select its members in SQL.</summary>
    Union = 28,

    /// <summary>BIT; not read by this binding, cast it to VARCHAR in SQL.</summary>
    Bit = 29,

    /// <summary>TIME WITH TIME ZONE; not read by this binding, cast it in SQL.</summary>
    TimeTz = 30,

    /// <summary>TIMESTAMP WITH TIME ZONE, microseconds since 1970 UTC: <see cref="long"/>.</summary>
    TimestampTz = 31,

    /// <summary>UHUGEINT: <see cref="System.UInt128"/>.</summary>
    UHugeInt = 32,

    /// <summary>ARRAY, a fixed number of elements a row.</summary>
    Array = 33,

    /// <summary>ANY, in signatures of functions only.</summary>
    Any = 34,

    /// <summary>BIGNUM; not read by this binding, cast it in SQL.</summary>
    BigNum = 35,

    /// <summary>The type of a bare NULL.</summary>
    Null = 36,

    /// <summary>The type of a text literal before it is bound.</summary>
    StringLiteral = 37,

    /// <summary>The type of an integer literal before it is bound.</summary>
    IntegerLiteral = 38,

    /// <summary>TIME_NS, nanoseconds since midnight: <see cref="long"/>.</summary>
    TimeNanoseconds = 39,
}
