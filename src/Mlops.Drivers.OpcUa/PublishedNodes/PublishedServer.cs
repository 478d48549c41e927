using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.PublishedNodes;

/// <summary>Makes settings of the entries of one server.</summary>
internal static class PublishedServer
{
    /// <summary>Returns by what entries belong to the same server, security and user.</summary>
    public static object KeyOf(PublishedEntry entry) => (
        entry.EndpointUrl, entry.UseSecurity, entry.EndpointSecurityMode, entry.EndpointSecurityPolicy,
        entry.OpcAuthenticationMode, entry.OpcAuthenticationUsername, entry.OpcAuthenticationPassword);

    public static OpcUaSettings Convert(IReadOnlyList<PublishedEntry> entries)
    {
        PublishedEntry first = entries[0];
        if (string.IsNullOrWhiteSpace(first.EndpointUrl))
            throw new FormatException("An entry has no EndpointUrl.");
        return new OpcUaSettings
        {
            Endpoint = first.EndpointUrl,
            Security = Security(first),
            User = User(first),
            Groups = Groups(entries),
        };
    }

    private static OpcUaSecuritySettings? Security(PublishedEntry entry)
    {
        string mode = entry.EndpointSecurityMode ?? (entry.UseSecurity || entry.EndpointSecurityPolicy is not null ? "SignAndEncrypt" : "None");
        if (mode.Equals("None", StringComparison.OrdinalIgnoreCase))
            return null;
        var settings = new OpcUaSecuritySettings { Mode = mode.Equals("Best", StringComparison.OrdinalIgnoreCase) ? "SignAndEncrypt" : mode };
        if (entry.EndpointSecurityPolicy is not null)
            settings.Policy = SecurityPolicy.Find(entry.EndpointSecurityPolicy)?.Name ?? entry.EndpointSecurityPolicy;
        return settings;
    }

    private static OpcUaUserSettings? User(PublishedEntry entry) => entry.OpcAuthenticationMode?.ToUpperInvariant() switch
    {
        null or "ANONYMOUS" => null,
        "USERNAMEPASSWORD" => new OpcUaUserSettings { Name = entry.OpcAuthenticationUsername, Password = entry.OpcAuthenticationPassword },
        _ => throw new FormatException($"'{entry.EndpointUrl}' wants OpcAuthenticationMode '{entry.OpcAuthenticationMode}', whose certificates lie with OPC Publisher. Name user certificates in the asset's 'user'."),
    };

    // What is read alike makes a group; the server has a subscription for each.
    private static List<OpcUaGroupSettings> Groups(IReadOnlyList<PublishedEntry> entries)
    {
        var groups = new Dictionary<object, OpcUaGroupSettings>();
        var used = new Dictionary<string, int>();
        foreach (var (entry, node) in entries.SelectMany(e => Nodes(e).Select(n => (e, n))))
        {
            object key = (entry.DataSetWriterId, node with { Id = null, ExpandedNodeId = null, DisplayName = null, DataSetFieldId = null }, Publishing(entry, node));
            if (!groups.TryGetValue(key, out OpcUaGroupSettings? group) || node.EventFilter is not null)
            {
                string name = entry.DataSetWriterId ?? GroupReader.DefaultGroup;
                used[name] = used.GetValueOrDefault(name) + 1;
                groups[node.EventFilter is null ? key : new object()] = group = Group(used[name] == 1 ? name : $"{name}-{used[name]}", entry, node);
            }

            if (node.EventFilter is null)
                group.Nodes.Add(NodeReference.Write(node.DisplayName ?? node.DataSetFieldId, IdOf(node)));
        }

        return [.. groups.Values];
    }

    private static IEnumerable<PublishedNode> Nodes(PublishedEntry entry) =>
        entry.OpcNodes ?? (entry.NodeId?.Identifier is { } id ? [new PublishedNode { Id = id }] : []);

    private static OpcUaGroupSettings Group(string name, PublishedEntry entry, PublishedNode node)
    {
        if (node.AttributeId is { } attribute && !attribute.Equals("Value", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"'{IdOf(node)}' wants the attribute '{attribute}'; only values are read.");
        if (node.IndexRange is not null)
            throw new FormatException($"'{IdOf(node)}' wants a part of an array ({node.IndexRange}); arrays are read as a whole.");
        TimeSpan? sampling = node.OpcSamplingIntervalTimespan ?? Milliseconds(node.OpcSamplingInterval);
        return new OpcUaGroupSettings
        {
            Name = name,
            Records = node.UseCyclicRead ? OpcUaRecords.Read : OpcUaRecords.Cycle,
            Interval = node.UseCyclicRead ? sampling ?? TimeSpan.FromSeconds(1) : Publishing(entry, node),
            Sampling = sampling,
            Queue = node.QueueSize is > 0 and var queue ? queue : null,
            Discard = node.DiscardNew ? OpcUaDiscard.Newest : OpcUaDiscard.Oldest,
            SkipFirst = node.SkipFirst,
            Heartbeat = Positive(node.HeartbeatIntervalTimespan ?? (node.HeartbeatInterval is { } seconds ? TimeSpan.FromSeconds(seconds) : null)),
            Change = Change(node),
            Deadband = Math.Max(node.DeadbandType is null ? 0 : node.DeadbandValue ?? 1, 0),
            DeadbandPercent = "Percent".Equals(node.DeadbandType, StringComparison.OrdinalIgnoreCase),
            Events = node.EventFilter is { } filter ? Events(node, filter) : null,
        };
    }

    private static OpcUaChange Change(PublishedNode node) => node.DataChangeTrigger?.ToUpperInvariant() switch
    {
        null or "STATUSVALUE" => OpcUaChange.Value,
        "STATUS" => OpcUaChange.Status,
        "STATUSVALUETIMESTAMP" => OpcUaChange.Timestamp,
        _ => throw new FormatException($"'{IdOf(node)}' wants the DataChangeTrigger '{node.DataChangeTrigger}'. Known: Status, StatusValue, StatusValueTimestamp."),
    };

    private static OpcUaEventSettings Events(PublishedNode node, PublishedEvents filter)
    {
        if (filter.WhereClause is { ValueKind: System.Text.Json.JsonValueKind.Object } where && where.TryGetProperty("Elements", out var elements) && elements.GetArrayLength() > 0)
            throw new FormatException($"'{IdOf(node)}' has a WhereClause, which is not read. Make a group with 'events' and its 'type' and 'minSeverity' in the asset's settings.");
        string[] select = [.. (filter.SelectClauses ?? []).Where(c => c.BrowsePath is { Count: > 0 }).Select(c => string.Join('/', c.BrowsePath!))];
        return new OpcUaEventSettings { Source = IdOf(node), Type = filter.TypeDefinitionId, Select = select.Length == 0 ? null : [.. select] };
    }

    private static TimeSpan? Publishing(PublishedEntry entry, PublishedNode node) => Positive(
        node.OpcPublishingIntervalTimespan ?? Milliseconds(node.OpcPublishingInterval) ?? entry.DataSetPublishingIntervalTimespan ?? Milliseconds(entry.DataSetPublishingInterval));

    private static TimeSpan? Milliseconds(double? value) => value is { } number ? TimeSpan.FromMilliseconds(number) : null;

    private static TimeSpan? Positive(TimeSpan? value) => value > TimeSpan.Zero ? value : null;

    // Beside the specification's forms: the URI of the namespace, a number sign and the identifier.
    private static string IdOf(PublishedNode node)
    {
        string id = node.ExpandedNodeId ?? node.Id ?? throw new FormatException("A node has neither Id nor ExpandedNodeId.");
        if (ExpandedNodeId.TryParse(id, out _))
            return id;
        int sign = id.LastIndexOf('#');
        return sign > 0 && NodeId.TryParse(id.AsSpan(sign + 1), out NodeId node0) ? new ExpandedNodeId(node0, id[..sign]).ToString()
            : throw new FormatException($"'{id}' is no node id.");
    }
}
