namespace Mlops.Mqtt.Broker.Access;

/// <summary>Tells whether the topics of a rule include a topic, or all topics of a filter. Allocates nothing.</summary>
internal static class TopicPattern
{
    public static bool Includes(ReadOnlySpan<char> pattern, ReadOnlySpan<char> asked, string? user, string client)
    {
        // A wildcard in front reaches no topics of the system (MQTT 5, section 4.7.2).
        if (asked.StartsWith('$') && pattern is ['+' or '#', ..])
            return false;
        while (true)
        {
            var level = CutLevel(ref pattern, out bool patternEnds);
            if (level is ['#'])
                return true;
            var name = CutLevel(ref asked, out bool askedEnds);
            bool matches = level is ['+'] ? name is not ['#'] : IsSame(level, name, user, client);
            if (!matches)
                return false;
            if (askedEnds)
                return patternEnds || pattern is ['#'];
            if (patternEnds)
                return false;
        }
    }

    private static bool IsSame(ReadOnlySpan<char> level, ReadOnlySpan<char> name, string? user, string client)
    {
        while (true)
        {
            int place = PlaceIn(level);
            if (place < 0)
                return level.SequenceEqual(name);
            if (!name.StartsWith(level[..place]))
                return false;
            string? value = level[place + 1] == 'u' ? user : client;
            if (string.IsNullOrEmpty(value) || value.AsSpan().ContainsAny('/', '+', '#') || !name[place..].StartsWith(value))
                return false;
            level = level[(place + 2)..];
            name = name[(place + value.Length)..];
        }
    }

    private static int PlaceIn(ReadOnlySpan<char> level)
    {
        int user = level.IndexOf("%u");
        int client = level.IndexOf("%c");
        return user < 0 ? client : client < 0 ? user : Math.Min(user, client);
    }

    private static ReadOnlySpan<char> CutLevel(ref ReadOnlySpan<char> text, out bool last)
    {
        int slash = text.IndexOf('/');
        last = slash < 0;
        var level = last ? text : text[..slash];
        text = last ? default : text[(slash + 1)..];
        return level;
    }
}
