using System.ComponentModel.DataAnnotations;
using Mlops.Data;
using Mlops.Ingest.Mapping;

namespace Mlops.Ingest;

/// <summary>Maps topics with plain JSON to feeds, an entry of <c>Mlops:Ingest:Subscriptions</c>; added once to <see cref="IMappings"/>, which rules from then on.</summary>
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

    /// <summary>Gets or sets the path of the list of records within a message.</summary>
    /// <value>Default empty: the message is a record, or a list of them.</value>
    public string Records { get; set; } = "";

    /// <summary>Gets or sets how the time is written.</summary>
    /// <value>Default <see cref="TimestampFormat.Auto"/>.</value>
    public TimestampFormat TimestampFormat { get; set; }

    /// <summary>Gets or sets the types of fields named in <see cref="Values"/>.</summary>
    /// <value>Default empty: the type of the first value.</value>
    public IDictionary<string, FieldType> Types { get; set; } = new Dictionary<string, FieldType>(StringComparer.Ordinal);

    /// <summary>Gets or sets the units of fields named in <see cref="Values"/>.</summary>
    /// <value>Default empty.</value>
    public IDictionary<string, string> Units { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets which segments of the topic become fields: feed field → number of the segment, from 1.</summary>
    /// <value>Default empty.</value>
    public IDictionary<string, int> TopicFields { get; set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Returns the same as a mapping.</summary>
    internal JsonMapping ToMapping() => new()
    {
        Topic = Topic,
        Feed = Feed,
        Records = Records,
        TimestampField = TimestampField,
        TimestampFormat = TimestampFormat,
        Fields = [.. Values.Select(v => new JsonMappingField(v.Key, v.Value)
        {
            Type = Types.TryGetValue(v.Key, out FieldType type) ? type : null,
            Unit = Units.TryGetValue(v.Key, out string? unit) ? unit : null,
        })],
        TopicFields = new Dictionary<string, int>(TopicFields, StringComparer.Ordinal),
    };
}
