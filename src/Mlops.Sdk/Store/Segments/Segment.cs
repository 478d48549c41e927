using Mlops.Store.Catalog;

namespace Mlops.Store.Segments;

/// <summary>A Parquet file that holds a closed range of a feed's records.</summary>
/// <param name="Id">Its number in the catalog.</param>
/// <param name="Revision">The schema revision whose columns it has.</param>
/// <param name="Path">Its path below the folder <c>feeds</c>, with forward slashes.</param>
/// <param name="Range">What it holds.</param>
/// <param name="Checksum">CRC-32C of the whole file.</param>
internal sealed record Segment(long Id, int Revision, string Path, StoredRange Range, uint Checksum)
{
    /// <summary>Selects the columns that <see cref="Read"/> expects.</summary>
    public const string Columns = "id, revision, path, first, last, count, min_time, max_time, bytes, checksum";

    public static Segment Read(SqliteStatement row) => new(
        row.Int64(0), (int)row.Int64(1), row.Text(2),
        new StoredRange(row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6), row.Int64(7), row.Int64(8)),
        (uint)row.Int64(9));
}
