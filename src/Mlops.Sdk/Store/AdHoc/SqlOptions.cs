using System.ComponentModel.DataAnnotations;

namespace Mlops.Store.AdHoc;

/// <summary>Limits of SQL that people write, section <c>Mlops:Store:Sql</c>. It runs in an engine of its own, so that it cannot take what ingest and training need.</summary>
public sealed class SqlOptions
{
    /// <summary>Gets or sets how long a statement may take.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how much memory a statement may use, beside <see cref="StoreOptions.QueryMemory"/>; what needs more spills to the folder <c>tmp</c>.</summary>
    /// <value>Default <c>64 MB</c>; at least <c>32 MB</c>.</value>
    public ByteSize Memory { get; set; } = ByteSize.Megabytes(64);

    /// <summary>Gets or sets how much of the disk a statement may take for what does not fit into its memory.</summary>
    /// <value>Default <c>1024 MB</c>.</value>
    public ByteSize Spill { get; set; } = ByteSize.Megabytes(1024);

    /// <summary>Gets or sets how many rows a result has at most where a query does not say.</summary>
    /// <value>Default 100,000.</value>
    [Range(1, long.MaxValue)]
    public long RowLimit { get; set; } = 100_000;

    /// <summary>Gets or sets how many statements run at once; others wait.</summary>
    /// <value>Default 1.</value>
    [Range(1, 16)]
    public int Concurrency { get; set; } = 1;
}
