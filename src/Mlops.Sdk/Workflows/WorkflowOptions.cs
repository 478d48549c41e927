using System.ComponentModel.DataAnnotations;

namespace Mlops.Workflows;

/// <summary>Limits of what may be uploaded as a workflow package, section <c>Mlops:Workflows</c>.</summary>
public sealed class WorkflowOptions
{
    /// <summary>Gets or sets how many files a package may have.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Gets or sets how long one file of a package may be.</summary>
    /// <value>Bytes, unpacked; default 512 MiB.</value>
    [Range(1L, 1L << 40)]
    public long MaxFileBytes { get; set; } = 512L << 20;

    /// <summary>Gets or sets how long all files of a package may be together.</summary>
    /// <value>Bytes, unpacked; default 2 GiB.</value>
    [Range(1L, 1L << 42)]
    public long MaxTotalBytes { get; set; } = 2L << 30;

    /// <summary>Gets or sets how many times its packed size a file of a zip may unpack to.</summary>
    /// <value>Default 200; files up to 1 MiB are not held against it.</value>
    [Range(1, 10_000)]
    public int MaxRatio { get; set; } = 200;
}
