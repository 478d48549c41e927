namespace Mlops.Client;

/// <summary>Says how plain JSON on some topics becomes records of a feed.</summary>
/// <param name="Topic">The topics: a filter with <c>+</c> for one level and <c>#</c> for the rest.</param>
/// <param name="Feed">The feed; <c>{1}</c>, <c>{2}</c> … stand for segments of the topic.</param>
/// <param name="Id">Its id; given when it is added.</param>
/// <param name="Records">Path of the list of records within a message.</param>
/// <param name="TimestampField">Path of the record's time.</param>
/// <param name="TimestampFormat">How the time is written: <c>auto</c>, <c>iso8601</c>, <c>seconds</c>, <c>milliseconds</c>, <c>microseconds</c>, <c>nanoseconds</c> or <c>arrival</c>.</param>
/// <param name="Fields">The values that are taken; all where nothing is said.</param>
/// <param name="TopicFields">The segments of the topic that become fields, from 1.</param>
public sealed record Mapping(
    string Topic,
    string Feed,
    string? Id = null,
    string? Records = null,
    string? TimestampField = null,
    string? TimestampFormat = null,
    IReadOnlyList<MappingField>? Fields = null,
    IReadOnlyDictionary<string, int>? TopicFields = null);
