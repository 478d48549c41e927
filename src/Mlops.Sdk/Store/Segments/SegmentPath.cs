using System.Globalization;
using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Segments;

/// <summary>Names of Parquet files: <c>&lt;feed&gt;/&lt;date of the first record&gt;/&lt;first&gt;-&lt;last&gt;.parquet</c>, positions with 20 digits.</summary>
internal static class SegmentPath
{
    public const string Extension = ".parquet";

    /// <summary>Ends the name of a file that is being written.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Ends the name of a file that the catalog does not know and whose records it does not have elsewhere.</summary>
    public const string Unknown = ".unknown";

    public static string Of(FeedEntry feed, StoredRange range, long firstTime) => string.Create(
        CultureInfo.InvariantCulture,
        $"{feed.Id}/{EpochTime.ToDateTimeOffset(firstTime):yyyy-MM-dd}/{NameOf(range)}");

    /// <summary>Returns the name of the file that holds a range.</summary>
    public static string NameOf(StoredRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.First:D20}-{range.Last:D20}{Extension}");

    /// <summary>Reads feed and first position from a path below the folder of all feeds.</summary>
    public static (string Feed, long First)? Parse(string path)
    {
        string[] parts = path.Split('/', '\\');
        return parts.Length == 3 && parts[2].Split('-') is [var first, _] && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long position)
            ? (parts[0], position)
            : null;
    }
}
