namespace Mlops.Runtime.Columns;

/// <summary>How a column lies in a block. The Python side knows them by these names in lower case (_block.py).</summary>
internal enum ColumnKind
{
    /// <summary>float64, null is NaN.</summary>
    Number,

    /// <summary>int64; a block in which the column has nulls holds float64 with NaN instead.</summary>
    Integer,

    /// <summary>uint64; with nulls as <see cref="Integer"/>.</summary>
    Unsigned,

    /// <summary>A byte a value; with nulls as <see cref="Integer"/>.</summary>
    Boolean,

    /// <summary>Nanoseconds since 1970 as int64, null is the smallest one (NaT).</summary>
    Instant,

    /// <summary>int64 offsets into UTF-8 bytes, and a byte a value that tells whether it is present.</summary>
    Text,

    /// <summary>Samples of pictures of one size, 8 bits each.</summary>
    Image,
}
