using System.Globalization;
using System.Text;
using Mlops.Data;

namespace Mlops.Ingest.PlainJson;

/// <summary>The feed of a subscription: text with <c>{n}</c> for the n-th segment of a message's topic, counted from 1.</summary>
internal sealed class FeedTemplate
{
    private readonly List<(string Text, int Segment)> _parts = [];

    private FeedTemplate()
    {
    }

    /// <exception cref="FormatException">A brace is not closed or does not hold a number from 1.</exception>
    public static FeedTemplate Parse(string template)
    {
        var parsed = new FeedTemplate();
        int at = 0;
        while (at < template.Length)
        {
            int open = template.IndexOf('{', at);
            if (open < 0)
                open = template.Length;
            if (open > at)
                parsed._parts.Add((template[at..open], 0));
            if (open == template.Length)
                break;
            int close = template.IndexOf('}', open);
            if (close < 0 || !int.TryParse(template.AsSpan((open + 1)..close), NumberStyles.None, CultureInfo.InvariantCulture, out int segment) || segment < 1)
                throw new FormatException($"'{template}' is not a feed: braces hold the number of a topic segment, counted from 1, as in 'press.{{2}}'.");
            parsed._parts.Add(("", segment));
            at = close + 1;
        }

        return parsed;
    }

    /// <summary>Returns the id of the feed for a topic, or <see langword="null"/> when the topic has too few segments.</summary>
    public string? Resolve(string topic)
    {
        string[] segments = topic.Split('/');
        var feed = new StringBuilder();
        foreach ((string text, int segment) in _parts)
        {
            if (segment > segments.Length)
                return null;

            // A dot within a segment would make another part of the id.
            feed.Append(segment == 0 ? text : segments[segment - 1].Replace('.', '-'));
        }

        return FeedId.Normalize(feed.ToString());
    }
}
