namespace Mlops.Mqtt.Broker;

/// <summary>Finds all entries whose topic filter matches a topic, one step for each level; not thread-safe.</summary>
internal sealed class SubscriptionTrie<T>
    where T : class
{
    private readonly Node root = new();

    public void Add(string filter, T entry)
    {
        var node = root;
        foreach (var range in filter.AsSpan().Split('/'))
            node = node.GetOrAdd(filter.AsSpan()[range]);
        node.Entries.Add(entry);
    }

    public void Remove(string filter, T entry) => Remove(root, filter, entry);

    public void Match(ReadOnlySpan<char> topic, List<T> found)
    {
        // A filter that begins with a wildcard does not reach the topics of the broker itself (MQTT 5, section 4.7.2).
        Match(root, topic, last: false, wildcards: !topic.StartsWith('$'), found);
    }

    private static void Match(Node node, ReadOnlySpan<char> rest, bool last, bool wildcards, List<T> found)
    {
        if (wildcards && node.Find("#") is { } all)
            found.AddRange(all.Entries);
        if (last)
        {
            found.AddRange(node.Entries);
            return;
        }

        int slash = rest.IndexOf('/');
        var level = slash < 0 ? rest : rest[..slash];
        var next = slash < 0 ? default : rest[(slash + 1)..];
        if (node.Find(level) is { } named)
            Match(named, next, slash < 0, wildcards: true, found);
        if (wildcards && node.Find("+") is { } any)
            Match(any, next, slash < 0, wildcards: true, found);
    }

    /// <summary>Removes the entry and every node that has become empty; the depth is bounded by the validity of filters.</summary>
    private static void Remove(Node node, ReadOnlySpan<char> filter, T entry)
    {
        int slash = filter.IndexOf('/');
        var level = slash < 0 ? filter : filter[..slash];
        if (node.Find(level) is not { } child)
            return;
        if (slash < 0)
            child.Entries.Remove(entry);
        else
            Remove(child, filter[(slash + 1)..], entry);
        if (child.IsEmpty)
            node.Drop(level);
    }

    private sealed class Node
    {
        private Dictionary<string, Node>? children;

        public List<T> Entries { get; } = [];

        public bool IsEmpty => Entries.Count == 0 && children is null or { Count: 0 };

        public Node? Find(ReadOnlySpan<char> level)
        {
            Node? child = null;
            children?.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out child);
            return child;
        }

        public Node GetOrAdd(ReadOnlySpan<char> level)
        {
            if (Find(level) is { } child)
                return child;
            children ??= [];
            return children[level.ToString()] = new Node();
        }

        public void Drop(ReadOnlySpan<char> level) => children?.GetAlternateLookup<ReadOnlySpan<char>>().Remove(level);
    }
}
