using System.Runtime.InteropServices;

namespace Mlops.Store.Charts;

/// <summary>The values of one field in a Parquet file, in buckets of equal width on the grid from 1970.</summary>
/// <param name="Width">1 or 5 times a power of ten nanoseconds: such buckets lie within those of every wider chart.</param>
/// <param name="Buckets">The buckets that have values, in any order.</param>
internal sealed record FieldSummary(long Width, IReadOnlyList<SummaryBucket> Buckets)
{
    /// <summary>Tells whether a chart with buckets of a width can be made of it.</summary>
    public bool Serves(long width) => width % Width == 0;

    public static FieldSummary Read(long width, ReadOnlySpan<byte> data) => new(width, [.. MemoryMarshal.Cast<byte, SummaryBucket>(data)]);

    /// <summary>Returns the buckets as they are stored, little-endian.</summary>
    public byte[] Write() => MemoryMarshal.AsBytes<SummaryBucket>([.. Buckets]).ToArray();
}
