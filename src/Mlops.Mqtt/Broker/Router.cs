using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>Knows all subscriptions and who gets the messages of a topic.</summary>
/// <remarks>A route is found once for each topic of each connection and is used until any subscription changes.</remarks>
internal sealed class Router
{
    private readonly Lock gate = new();
    private readonly SubscriptionTrie<Subscription> trie = new();
    private readonly Dictionary<string, ShareGroup> groups = new(StringComparer.Ordinal);
    private int version;

    public Route Find(TopicEntry entry)
    {
        if (entry.Route is Route known && known.Version == Volatile.Read(ref version))
            return known;
        List<Subscription> found = [];
        lock (gate)
        {
            trie.Match(entry.Topic, found);
            known = new Route(
                version,
                [.. found.Where(subscription => subscription is { Session: not null, IsShared: false }).GroupBy(subscription => subscription.Session!).Select(RouteTarget.Of)],
                [.. found.Where(subscription => subscription.IsShared).Select(subscription => subscription.Filter).Distinct().Select(filter => groups[filter])],
                [.. found.Where(subscription => subscription.Local is not null).Select(subscription => subscription.Local!)]);
        }

        entry.Route = known;
        return known;
    }

    public void Add(Subscription subscription) => Replace(null, subscription);

    public void Remove(Subscription subscription) => Replace(subscription, null);

    public void Replace(Subscription? older, Subscription? newer)
    {
        lock (gate)
        {
            if (older is not null)
                trie.Remove(older.TopicFilter, older);
            if (newer is not null)
            {
                trie.Add(newer.TopicFilter, newer);
                if (newer.IsShared)
                    Group(newer.Filter).Add(newer);
            }

            // Behind the newer one, so that a group whose only member subscribes again stays the group of what waits.
            if (older is { IsShared: true } && groups[older.Filter].Remove(older))
                groups.Remove(older.Filter);
            version++;
        }
    }

    /// <summary>Finds those who share a filter, or null.</summary>
    public ShareGroup? FindGroup(string filter)
    {
        lock (gate)
            return groups.GetValueOrDefault(filter);
    }

    private ShareGroup Group(string filter)
    {
        if (!groups.TryGetValue(filter, out var group))
            groups.Add(filter, group = new ShareGroup(filter, this));
        return group;
    }
}
