namespace Mlops.Mqtt;

/// <summary>Checks topic names and filters, and matches one against the other (MQTT 5, section 4.7).</summary>
public static class MqttTopicFilter
{
    /// <summary>The most levels that a topic or filter may have here, a bound on what one message can cost.</summary>
    public const int MaxLevels = 128;

    private const int MaxUtf8Bytes = 65535;

    /// <summary>Tells whether a message may be published under the name.</summary>
    /// <param name="topic">The topic name.</param>
    /// <returns>True when it is not empty, holds no wildcard and no NUL, and is not too long or too deep.</returns>
    public static bool IsValidTopic(ReadOnlySpan<char> topic) =>
        IsValidText(topic) && topic.IndexOfAny('+', '#') < 0;

    /// <summary>Tells whether the filter may be subscribed to.</summary>
    /// <param name="filter">The topic filter.</param>
    /// <returns>True when each wildcard fills its level, and <c>#</c> stands last.</returns>
    public static bool IsValidFilter(ReadOnlySpan<char> filter)
    {
        if (!IsValidText(filter))
            return false;
        for (int i = 0; i < filter.Length; i++)
        {
            if (filter[i] is not ('+' or '#'))
                continue;
            bool startsLevel = i == 0 || filter[i - 1] == '/';
            bool endsLevel = i == filter.Length - 1 || (filter[i] == '+' && filter[i + 1] == '/');
            if (!startsLevel || !endsLevel)
                return false;
        }

        return true;
    }

    /// <summary>Tells whether a message published under the topic belongs to the filter.</summary>
    /// <param name="filter">A valid filter.</param>
    /// <param name="topic">A valid topic name.</param>
    /// <returns>True when it matches. A filter that starts with a wildcard never matches a topic that starts with <c>$</c>.</returns>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic.StartsWith('$') && (filter.StartsWith('+') || filter.StartsWith('#')))
            return false;
        while (true)
        {
            var level = CutLevel(ref filter, out bool filterEnds);
            if (level is ['#'])
                return true;
            var name = CutLevel(ref topic, out bool topicEnds);
            if (level is not ['+'] && !level.SequenceEqual(name))
                return false;
            if (topicEnds)
                return filterEnds || filter is ['#'];
            if (filterEnds)
                return false;
        }
    }

    private static ReadOnlySpan<char> CutLevel(ref ReadOnlySpan<char> text, out bool last)
    {
        int slash = text.IndexOf('/');
        last = slash < 0;
        var level = last ? text : text[..slash];
        text = last ? default : text[(slash + 1)..];
        return level;
    }

    private static bool IsValidText(ReadOnlySpan<char> text) =>
        !text.IsEmpty
        && text.Length <= MaxUtf8Bytes
        && !text.Contains('\0')
        && text.Count('/') < MaxLevels
        && System.Text.Encoding.UTF8.GetByteCount(text) <= MaxUtf8Bytes;
}
