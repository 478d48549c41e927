namespace Mlops.Store;

/// <summary>Settings of the store of blobs, section <c>Mlops:Store:Blobs</c>.</summary>
public sealed class BlobOptions
{
    /// <summary>Gets or sets how large one blob may be.</summary>
    /// <value>Default <c>64 MB</c>.</value>
    public ByteSize MaximumBytes { get; set; } = ByteSize.Megabytes(64);

    /// <summary>Gets or sets how long a blob is kept at least after it was last stored, so that the record that names it can become durable.</summary>
    /// <value>Default 1 hour; at least 1 minute.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how often blobs are looked for that no record or label names any more.</summary>
    /// <value>Default 6 hours.</value>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(6);
}
