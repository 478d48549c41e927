using Mlops.Drivers.OpcUa.PublishedNodes;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Reads the groups of an asset from its settings, and from its file of published nodes.</summary>
internal static class GroupReader
{
    /// <summary>The feed of the nodes that belong to no group.</summary>
    public const string DefaultGroup = "values";

    /// <summary>The feed of what was written back.</summary>
    private const string Writes = "writes";

    /// <summary>Reads all groups; what is wrong with them is added to the findings.</summary>
    public static List<DriverGroup> Read(OpcUaSettings settings, List<SettingFinding> findings)
    {
        var groups = new List<DriverGroup>();
        if (settings.Nodes.Count > 0)
            groups.Add(new DriverGroup(new OpcUaGroupSettings { Name = DefaultGroup, Nodes = settings.Nodes }, Nodes(settings.Nodes, "nodes", findings)));
        for (int i = 0; i < settings.Groups.Count; i++)
            groups.Add(ReadOne(settings.Groups[i], $"groups[{i}]", groups, findings));
        foreach (OpcUaGroupSettings group in Published(settings, findings))
            groups.Add(ReadOne(group, "publishedNodesFile", groups, findings));
        if (groups.Count == 0 && findings.All(f => f.Setting != "publishedNodesFile"))
            findings.Add(new SettingFinding("nodes", "is empty. Name at least one node, for example 'ns=2;s=Temperature'."));
        if (settings.WriteBack.Count > 0 && groups.Any(g => g.Settings.Name == Writes))
            findings.Add(new SettingFinding("groups", $"'{Writes}' is the feed of what is written back. Give the group another name."));
        return groups;
    }

    private static DriverGroup ReadOne(OpcUaGroupSettings group, string setting, List<DriverGroup> others, List<SettingFinding> findings)
    {
        if (others.Any(g => g.Settings.Name == group.Name))
            findings.Add(new SettingFinding($"{setting}.name", $"'{group.Name}' is the name of another group."));
        if (group.Events is { } events)
        {
            CheckEvents(group, events, setting, findings);
            return new DriverGroup(group, []);
        }

        if (group.Nodes.Count == 0)
            findings.Add(new SettingFinding($"{setting}.nodes", "is empty. Name at least one node, or 'events'."));
        List<NodeReference> nodes = Nodes(group.Nodes, $"{setting}.nodes", findings);
        if (group.Trigger is null)
            return new DriverGroup(group, nodes);
        if (group.Records == OpcUaRecords.Read)
            findings.Add(new SettingFinding($"{setting}.trigger", "has no meaning where values are read in a cycle. Leave it out, or set 'records' to cycle or change."));
        return new DriverGroup(group, [.. Nodes([group.Trigger], $"{setting}.trigger", findings), .. nodes]);
    }

    private static void CheckEvents(OpcUaGroupSettings group, OpcUaEventSettings events, string setting, List<SettingFinding> findings)
    {
        if (group.Nodes.Count > 0)
            findings.Add(new SettingFinding($"{setting}.nodes", "cannot be read together with 'events'. Make two groups."));
        if (!ExpandedNodeId.TryParse(events.Source, out _))
            findings.Add(new SettingFinding($"{setting}.events.source", $"'{events.Source}' is no node id. Write it like 'i=2253' (the server)."));
        if (events.Type is not null && !ExpandedNodeId.TryParse(events.Type, out _))
            findings.Add(new SettingFinding($"{setting}.events.type", $"'{events.Type}' is no node id. Write it like 'i=2915' (alarms)."));
        if (events.Select is { } select && select.Distinct().Count() != select.Count)
            findings.Add(new SettingFinding($"{setting}.events.select", "names a field twice."));
    }

    private static List<OpcUaGroupSettings> Published(OpcUaSettings settings, List<SettingFinding> findings)
    {
        if (settings.PublishedNodesFile is not { } file)
            return [];
        try
        {
            List<OpcUaGroupSettings> groups = [.. PublishedNodesFile.Read(file).Where(s => s.IsAt(settings.Endpoint)).SelectMany(s => s.Groups)];
            if (groups.Count == 0)
                findings.Add(new SettingFinding("publishedNodesFile", $"'{file}' has no node of '{settings.Endpoint}'. Check 'EndpointUrl' there."));
            return groups;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            findings.Add(new SettingFinding("publishedNodesFile", $"'{file}' cannot be read: {error.Message}"));
            return [];
        }
    }

    private static List<NodeReference> Nodes(List<string> texts, string setting, List<SettingFinding> findings)
    {
        var nodes = new List<NodeReference>();
        for (int i = 0; i < texts.Count; i++)
        {
            try
            {
                nodes.Add(NodeReference.Parse(texts[i]));
            }
            catch (FormatException error)
            {
                findings.Add(new SettingFinding($"{setting}[{i}]", error.Message));
            }
        }

        return nodes;
    }
}
