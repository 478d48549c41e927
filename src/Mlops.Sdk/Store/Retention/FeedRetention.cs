namespace Mlops.Store;

/// <summary>How long the records of a feed are kept.</summary>
public sealed class FeedRetention
{
    /// <summary>Gets or sets how old its records get, by their own time.</summary>
    /// <value>Default none: however old.</value>
    public TimeSpan? MaximumAge { get; set; }

    /// <summary>Gets or sets how much it may take on the disk.</summary>
    /// <value>Default none: however much.</value>
    public ByteSize? MaximumBytes { get; set; }
}
