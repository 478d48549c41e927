using System.ComponentModel.DataAnnotations;

namespace Mlops.Store;

/// <summary>Settings of the store, section <c>Mlops:Store</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>Gets or sets how much memory queries may use together; what needs more spills to the folder <c>tmp</c> below the data folder.</summary>
    /// <value>Default <c>128 MB</c>; at least <c>32 MB</c>. It also bounds how many fields a feed may have: 96 KB for each, 512 KB for texts and lists.</value>
    public ByteSize QueryMemory { get; set; } = ByteSize.Megabytes(128);

    /// <summary>Gets or sets how many threads run queries.</summary>
    /// <value>Default 2, or fewer where there are fewer processors.</value>
    [Range(1, 64)]
    public int QueryThreads { get; set; } = Math.Min(2, Environment.ProcessorCount);

    /// <summary>Gets or sets how much of a feed's log becomes one Parquet file.</summary>
    /// <value>Default <c>8 MB</c>; 64 KB to 256 MB. Writing one takes several times as much memory for a moment.</value>
    public ByteSize SegmentBytes { get; set; } = ByteSize.Megabytes(8);

    /// <summary>Gets or sets after which time records become a Parquet file although there are few, once there are <see cref="SegmentMinimumRecords"/>.</summary>
    /// <value>Default 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets how many records a Parquet file has at least that is written for its age alone.</summary>
    /// <value>Default 1000; a feed with fewer waits until <see cref="SegmentMaximumAge"/>.</value>
    [Range(1, int.MaxValue)]
    public int SegmentMinimumRecords { get; set; } = 1000;

    /// <summary>Gets or sets after which time records become a Parquet file however few they are.</summary>
    /// <value>Default 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan SegmentMaximumAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how often the store looks which feeds are due.</summary>
    /// <value>Default 5 seconds; a feed that reaches <see cref="SegmentBytes"/> does not wait for it.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan SegmentCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how many small Parquet files of a feed that follow each other are made one, in the background.</summary>
    /// <value>Default 8.</value>
    [Range(2, 1000)]
    public int CompactionFiles { get; set; } = 8;

    /// <summary>Gets or sets how large a Parquet file made of several may get. A file of half that size stays as it is.</summary>
    /// <value>Default <c>16 MB</c>; 64 KB to 256 MB. Writing one takes several times as much memory for a moment.</value>
    public ByteSize CompactionBytes { get; set; } = ByteSize.Megabytes(16);

    /// <summary>Gets or sets how much time the records of a Parquet file made of several may span, because retention drops whole files.</summary>
    /// <value>Default 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan CompactionSpan { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets what is kept how long; by default everything, for ever.</summary>
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>Gets or sets how large blobs may be, and when those are deleted that nothing names.</summary>
    public BlobOptions Blobs { get; set; } = new();

    /// <summary>Gets the label sources in the order of preference: a label of an earlier one wins over any of a later one, however old.</summary>
    /// <value>Values of <see cref="Label.Source"/>, for example <c>api</c> or the id of a feed of labels. Default empty: the newest label wins whatever its source.</value>
    public IList<string> LabelSources { get; } = [];
}
