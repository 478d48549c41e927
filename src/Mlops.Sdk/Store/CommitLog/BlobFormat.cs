namespace Mlops.Store.CommitLog;

/// <summary>
/// The columnar blob of a log row. Little-endian, in this order: format (1 byte), rows (int32), number of columns (int32); positions,
/// timestamps, acceptance times, message numbers and record numbers as values; qualities as values; then for each column its
/// <see cref="Data.FieldType"/> (1 byte), <see cref="Presence"/> (1 byte), the validity bitmap if some are null, and its values
/// unless all are.
/// </summary>
/// <remarks>
/// Values are an <see cref="Encoding"/> (1 byte) and what that says. Names are not in it: the row's schema revision has them.
/// The slots of nulls hold zero.
/// </remarks>
internal static class BlobFormat
{
    public const byte Version = 1;

    public const int HeaderBytes = 1 + sizeof(int) + sizeof(int);

    /// <summary>Which values of a column are present.</summary>
    public enum Presence : byte
    {
        None = 0,
        All = 1,
        Some = 2,
    }

    /// <summary>How values are written.</summary>
    public enum Encoding : byte
    {
        /// <summary>One after the other; texts and lists: lengths (int32 each, in bytes), then all bytes.</summary>
        Plain = 0,

        /// <summary>One value that all rows have; text or list: its length and bytes.</summary>
        Same = 1,

        /// <summary>The first value; each row has one more than the row before.</summary>
        Rising = 2,
    }
}
