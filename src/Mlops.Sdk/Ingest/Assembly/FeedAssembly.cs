namespace Mlops.Ingest.Assembly;

/// <summary>How the rows of some feeds are assembled from messages.</summary>
public sealed record FeedAssembly
{
    /// <summary>Gets the feed: an id, or its beginning followed by <c>*</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets when a row ends, and what stands in it.</summary>
    public AssemblyMode Mode { get; init; }

    /// <summary>Gets how old a last known value may be to stand in a row; 1 ms to 7 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how long a cycle is; 10 ms to 1 day. Rows stand at whole multiples of it.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets whether data points have a column each.</summary>
    public FeedShape Shape { get; init; }
}
