namespace Mlops.Mqtt;

/// <summary>Checks topic names and filters, and matches one against the other (MQTT 5, section 4.7).</summary>
public static class MqttTopicFilter
{
    /// <summary>The most levels that a filter may have here, without the <c>$share/name/</c> of a shared one: a bound on what one subscription can cost. Topics may have any number.</summary>
    public const int MaxLevels = 1024;

    private const int MaxUtf8Bytes = 65535;

    /// <summary>Tells whether a message may be published under the name.</summary>
    /// <param name="topic">The topic name.</param>
    /// <returns>True when it is not empty, holds no wildcard, no NUL and no half of a surrogate pair, and takes at most 65535 bytes as UTF-8.</returns>
    public static bool IsValidTopic(ReadOnlySpan<char> topic) =>
        IsValidText(topic) && topic.IndexOfAny('+', '#') < 0;

    /// <summary>Tells whether the filter may be subscribed to.</summary>
    /// <param name="filter">The topic filter.</param>
    /// <returns>
    /// True when each wildcard fills its level, and <c>#</c> stands last; a shared one, <c>$share/name/filter</c>, needs a name without
    /// wildcards besides.
    /// </returns>
    public static bool IsValidFilter(ReadOnlySpan<char> filter) =>
        IsWellFormed(filter) && SharedFilter.TopicFilterOf(filter).Count('/') < MaxLevels;

    /// <summary>Tells whether a filter is one at all, which a packet with another one is not (MQTT 5, sections 4.7.1, 4.7.3 and 4.8.2).</summary>
    internal static bool IsWellFormed(ReadOnlySpan<char> filter) =>
        IsValidText(filter)
        && (!SharedFilter.IsShared(filter) || SharedFilter.HasValidName(filter))
        && HasValidWildcards(SharedFilter.TopicFilterOf(filter));

    private static bool HasValidWildcards(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty)
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
    /// <param name="filter">A valid filter; of a shared one the part behind the name counts.</param>
    /// <param name="topic">A valid topic name.</param>
    /// <returns>True when it matches. A filter that starts with a wildcard never matches a topic that starts with <c>$</c>.</returns>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        filter = SharedFilter.TopicFilterOf(filter);
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
        && IsPaired(text)
        && System.Text.Encoding.UTF8.GetByteCount(text) <= MaxUtf8Bytes;

    /// <summary>Tells whether every surrogate has its other half: UTF-8 knows no single ones (MQTT 5, section 1.5.4).</summary>
    internal static bool IsPaired(ReadOnlySpan<char> text)
    {
        int at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
                return false;
            at++;
        }

        return true;
    }
}
