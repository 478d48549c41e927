using Mlops.Data;

namespace Mlops.Ingest.Assembly;

/// <summary>The entries that are in effect. Immutable.</summary>
internal sealed class AssemblyRules
{
    private static readonly TimeSpan MinPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(1);
    private static readonly TimeSpan MinAge = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);
    private readonly FeedAssembly[] _byPrecedence;

    public AssemblyRules(IEnumerable<FeedAssembly> entries)
    {
        _byPrecedence = [.. entries.OrderBy(e => IsGroup(e.Feed)).ThenByDescending(e => e.Feed.Length)];
        HasShapes = Array.Exists(_byPrecedence, e => e.Shape != FeedShape.Auto);
    }

    public static AssemblyRules None { get; } = new([]);

    /// <summary>Gets a value indicating whether an entry says how data points become columns.</summary>
    public bool HasShapes { get; }

    public FeedAssembly For(string feed) => Array.Find(_byPrecedence, e => Names(e.Feed, feed)) ?? new FeedAssembly { Feed = feed };

    /// <summary>Says everything that keeps an entry from working.</summary>
    public static IEnumerable<string> Check(FeedAssembly entry)
    {
        string id = IsGroup(entry.Feed) ? entry.Feed[..^1] : entry.Feed;
        if (string.IsNullOrWhiteSpace(entry.Feed))
            yield return "Feed is empty. Give the id of a feed, or its beginning followed by *.";
        else if (id.Length > 0 && FeedId.Normalize(id) != (id.EndsWith('.') ? id + "-" : id))
            yield return $"Feed is '{entry.Feed}', which no feed is called. Ids are lower case: '{FeedId.Normalize(id)}'; a * stands only at the end.";
        if (!Enum.IsDefined(entry.Mode) || !Enum.IsDefined(entry.Shape))
            yield return $"Mode is '{entry.Mode}' and Shape '{entry.Shape}'. Give {string.Join(", ", Enum.GetNames<AssemblyMode>())} and {string.Join(", ", Enum.GetNames<FeedShape>())}.";
        if (entry.MaxAge < MinAge || entry.MaxAge > MaxAge)
            yield return $"MaxAge is {entry.MaxAge}. Give {MinAge} to {MaxAge}.";
        if (entry.Period < MinPeriod || entry.Period > MaxPeriod)
            yield return $"Period is {entry.Period}. Give {MinPeriod} to {MaxPeriod}.";
    }

    private static bool IsGroup(string feed) => feed.EndsWith('*');

    private static bool Names(string entry, string feed) =>
        IsGroup(entry) ? feed.AsSpan().StartsWith(entry.AsSpan(0, entry.Length - 1), StringComparison.Ordinal) : entry == feed;
}
