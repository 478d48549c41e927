namespace Mlops.Store;

/// <summary>What is kept how long, section <c>Mlops:Store:Retention</c>. Whole Parquet files are dropped, oldest first; the log is not.</summary>
public sealed class RetentionOptions
{
    /// <summary>Gets or sets how old records get, by their own time, in feeds that <see cref="Feeds"/> does not name.</summary>
    /// <value>Default none: however old.</value>
    public TimeSpan? MaximumAge { get; set; }

    /// <summary>Gets or sets how much each feed may take on the disk that <see cref="Feeds"/> does not name.</summary>
    /// <value>Default none: however much.</value>
    public ByteSize? MaximumBytes { get; set; }

    /// <summary>Gets or sets how much all feeds may take together; the oldest records of all go first.</summary>
    /// <value>Default none: however much.</value>
    public ByteSize? TotalBytes { get; set; }

    /// <summary>Gets what holds for single feeds instead, by their ids; <c>*</c> at the end of an id stands for anything.</summary>
    /// <value>For example <c>Mlops:Store:Retention:Feeds:genicam.*:MaximumAge = 2.00:00:00</c>. A whole id wins over a pattern, a longer pattern over a shorter one.</value>
    public IDictionary<string, FeedRetention> Feeds { get; } = new Dictionary<string, FeedRetention>(StringComparer.Ordinal);

    /// <summary>Gets or sets a value indicating whether records are dropped even though a reader, for example a deployment, has not come to them yet.</summary>
    /// <value>Default <see langword="false"/>: they wait for the reader.</value>
    public bool PastReaders { get; set; }

    /// <summary>Gets or sets how often the store looks what is to be dropped.</summary>
    /// <value>Default 5 minutes.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Returns what holds for a feed.</summary>
    internal FeedRetention Of(string feed)
    {
        if (Feeds.TryGetValue(feed, out FeedRetention? own))
            return own;
        string? pattern = Feeds.Keys
            .Where(k => k.EndsWith('*') && feed.StartsWith(k[..^1], StringComparison.Ordinal))
            .MaxBy(k => k.Length);
        return pattern is null ? new FeedRetention { MaximumAge = MaximumAge, MaximumBytes = MaximumBytes } : Feeds[pattern];
    }
}
