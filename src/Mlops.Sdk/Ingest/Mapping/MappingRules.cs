using Mlops.Ingest.PlainJson;
using Mlops.Mqtt;

namespace Mlops.Ingest.Mapping;

/// <summary>Says everything that keeps a mapping from working.</summary>
internal static class MappingRules
{
    public static IEnumerable<string> Check(JsonMapping mapping)
    {
        if (!MqttTopicFilter.IsValidFilter(mapping.Topic))
            yield return $"Topic is '{mapping.Topic}', which is not a topic filter. Let + fill a whole level and # stand last.";
        if (string.IsNullOrWhiteSpace(mapping.Feed))
            yield return "Feed is empty. Name the feed that gets the records.";
        else if (FeedError(mapping.Feed) is { } error)
            yield return $"Feed: {error}";
        foreach (IGrouping<string, JsonMappingField> path in mapping.Fields.GroupBy(f => JsonPath.Normalize(f.Path)).Where(g => g.Key.Length > 0 && g.Count() > 1))
            yield return $"Values: the path '{path.Key}' stands for several fields ({string.Join(", ", path.Select(f => f.Field))}). Give each path once.";
        foreach (JsonMappingField field in mapping.Fields.Where(f => string.IsNullOrEmpty(f.Path)))
            yield return $"Values:{field.Field} is empty. Give the dotted path of the value.";
        foreach (string twice in mapping.Fields.Select(f => f.Field).Concat(mapping.TopicFields.Keys).GroupBy(f => f, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"The field '{twice}' is filled twice. Give each field one source.";
        foreach ((string field, int segment) in mapping.TopicFields.Where(t => t.Value < 1))
            yield return $"TopicFields:{field} is {segment}. Segments of a topic are counted from 1.";
    }

    /// <exception cref="ArgumentException">The mapping cannot work.</exception>
    public static void Require(JsonMapping mapping)
    {
        string[] errors = [.. Check(mapping)];
        if (errors.Length > 0)
            throw new ArgumentException($"The mapping of '{mapping.Topic}' cannot work. {string.Join(" ", errors)}", nameof(mapping));
    }

    private static string? FeedError(string feed)
    {
        try
        {
            FeedTemplate.Parse(feed);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
