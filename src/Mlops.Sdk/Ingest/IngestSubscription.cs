using System.ComponentModel.DataAnnotations;

namespace Mlops.Ingest;

/// <summary>Maps topics with plain JSON to feeds, an entry of <c>Mlops:Ingest:Subscriptions</c>.</summary>
public sealed class IngestSubscription
{
    /// <summary>Gets or sets the topics: a filter with <c>+</c> for one level and <c>#</c> for the rest.</summary>
    /// <value>For example <c>plant/+/press</c>.</value>
    [Required]
    public string Topic { get; set; } = "";

    /// <summary>Gets or sets the feed. <c>{1}</c>, <c>{2}</c> … stand for the first, second … segment of a message's topic.</summary>
    /// <value>For example <c>press.{2}.values</c>; normalised to a feed id.</value>
    [Required]
    public string Feed { get; set; } = "";

    /// <summary>Gets or sets the path of the record's time: ISO 8601 text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size.</summary>
    /// <value>Default <c>timestamp</c>. A message without it gets the time of its arrival.</value>
    public string TimestampField { get; set; } = "timestamp";

    /// <summary>Gets or sets which values are taken: feed field → dotted path in the JSON.</summary>
    /// <value>Default empty: every value, each under its dotted path.</value>
    public IDictionary<string, string> Values { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
