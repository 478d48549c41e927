using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client;

/// <summary>The subscriptions of one client, over all its connections.</summary>
internal sealed class SubscriptionTable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, FilterGroup> groups = [];
    private readonly HashSet<string> orphans = [];
    private uint lastId;
    private int version;

    public MqttSubscription Add(string filter, MqttSubscribeOptions options, MqttMessageHandler handler, Func<MqttSubscription, Task> unsubscribe)
    {
        lock (gate)
        {
            if (!groups.TryGetValue(filter, out var group))
                groups.Add(filter, group = new FilterGroup(filter, ++lastId));
            var subscription = new MqttSubscription(group, handler, options.ManualAcknowledgement, unsubscribe);
            group.Options = options;
            group.QualityOfService = options.QualityOfService > group.QualityOfService ? options.QualityOfService : group.QualityOfService;
            group.Subscriptions = [.. group.Subscriptions, subscription];
            group.Established = false;
            orphans.Remove(filter);
            version++;
            return subscription;
        }
    }

    /// <summary>Removes a handler; true when it was the last one, so that the broker has to be told.</summary>
    public bool Remove(MqttSubscription subscription)
    {
        lock (gate)
        {
            var group = subscription.Group;
            group.Subscriptions = [.. group.Subscriptions.Where(other => other != subscription)];
            version++;
            if (group.Subscriptions.Length > 0 || groups.GetValueOrDefault(group.Filter) != group)
                return false;
            groups.Remove(group.Filter);
            orphans.Add(group.Filter);
            return true;
        }
    }

    /// <summary>Notes that the broker no longer has a subscription that was removed here.</summary>
    public void Forget(string filter)
    {
        lock (gate)
            orphans.Remove(filter);
    }

    /// <summary>Begins a connection and tells what has to be subscribed to, and what a resumed session has too many.</summary>
    public (FilterGroup[] Missing, string[] Orphans) Begin(bool sessionPresent)
    {
        lock (gate)
        {
            if (!sessionPresent)
            {
                orphans.Clear();
                foreach (var group in groups.Values)
                    group.Established = false;
            }

            return ([.. groups.Values.Where(group => !group.Established)], [.. orphans]);
        }
    }

    /// <summary>Finds the groups whose filter matches, and remembers them in the entry.</summary>
    public FilterGroup[] Match(TopicEntry entry) =>
        entry.Route is Matched matched && matched.Version == Volatile.Read(ref version) ? matched.Groups : Find(entry);

    private FilterGroup[] Find(TopicEntry entry)
    {
        lock (gate)
        {
            var matched = new Matched(version, [.. groups.Values.Where(group => MqttTopicFilter.Matches(group.Filter, entry.Topic))]);
            entry.Route = matched;
            return matched.Groups;
        }
    }

    private sealed record Matched(int Version, FilterGroup[] Groups);
}
