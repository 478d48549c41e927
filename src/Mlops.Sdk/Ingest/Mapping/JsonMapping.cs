namespace Mlops.Ingest.Mapping;

/// <summary>Says how plain JSON on some topics becomes records of a feed.</summary>
public sealed record JsonMapping
{
    /// <summary>Gets the id; given when the mapping is added.</summary>
    public string Id { get; init; } = "";

    /// <summary>Gets the topics: a filter with <c>+</c> for one level and <c>#</c> for the rest.</summary>
    public required string Topic { get; init; }

    /// <summary>Gets the feed. <c>{1}</c>, <c>{2}</c> … stand for the first, second … segment of a message's topic.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets the path of the list of records within a message; empty when the message itself is a record or a list of them.</summary>
    public string Records { get; init; } = "";

    /// <summary>Gets the path of the record's time.</summary>
    public string TimestampField { get; init; } = "timestamp";

    /// <summary>Gets how the time is written.</summary>
    public TimestampFormat TimestampFormat { get; init; }

    /// <summary>Gets the values that are taken; empty for every value, each under its path.</summary>
    public IReadOnlyList<JsonMappingField> Fields { get; init; } = [];

    /// <summary>Gets the segments of the topic that become fields: name of the field → number of the segment, from 1.</summary>
    public IReadOnlyDictionary<string, int> TopicFields { get; init; } = new Dictionary<string, int>();
}
