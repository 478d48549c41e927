using System.IO.Enumeration;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Finds the nodes that settings name on a server, and what their columns are.</summary>
internal sealed class NodeResolver(UaSession session, DataTypes types)
{
    private const int MostNodes = 100_000;
    private const int MostDepth = 32;

    // Of one structure: more make a table that nobody reads.
    private const int MostColumns = 1_000;

    /// <summary>Finds nodes.</summary>
    /// <returns>The nodes in the order of their settings, and what of the settings was not found.</returns>
    public async Task<(IReadOnlyList<WatchedNode> Nodes, IReadOnlyList<string> Missing)> ResolveAsync(IReadOnlyList<NodeReference> references, CancellationToken cancel)
    {
        var missing = new List<string>();
        var found = new List<(NodeId Id, string Text, string? Name)>();
        IReadOnlyList<NodeId?> starts = await StartsAsync(references, cancel).ConfigureAwait(false);
        for (int i = 0; i < references.Count; i++)
        {
            if (starts[i] is not { } start)
                missing.Add(references[i].Text);
            else if (references[i].Pattern is { } pattern)
                missing.AddRange(await CollectAsync(start, pattern, references[i].Text, found, cancel).ConfigureAwait(false) is { } reason ? [$"{references[i].Text} ({reason})"] : []);
            else
                found.Add((start, references[i].Text, references[i].Column));
        }

        return (await DescribeAsync([.. found.DistinctBy(f => f.Id)], missing, cancel).ConfigureAwait(false), missing);
    }

    private async Task<IReadOnlyList<NodeId?>> StartsAsync(IReadOnlyList<NodeReference> references, CancellationToken cancel)
    {
        var starts = new NodeId?[references.Count];
        var paths = new List<(int Index, (NodeId, IReadOnlyList<QualifiedName>) Path)>();
        for (int i = 0; i < references.Count; i++)
        {
            if (!references[i].Id.TryResolve(session.Namespaces, out NodeId id))
                continue;
            if (references[i].IsPath)
                paths.Add((i, (id, [.. references[i].Path.Select(QualifiedName.Parse)])));
            else
                starts[i] = id;
        }

        IReadOnlyList<NodeId?> found = await session.FindAsync([.. paths.Select(p => p.Path)], cancel).ConfigureAwait(false);
        for (int i = 0; i < paths.Count; i++)
            starts[paths[i].Index] = found[i];
        return starts;
    }

    // Goes down the tree; a node that is reached twice is taken once, so circles end. Returns why the start cannot be browsed.
    private async Task<StatusCode?> CollectAsync(NodeId start, string pattern, string text, List<(NodeId Id, string Text, string? Name)> found, CancellationToken cancel)
    {
        var seen = new HashSet<NodeId> { start };
        var open = new Queue<(NodeId Id, string Prefix, int Depth)>([(start, "", 0)]);
        while (open.TryDequeue(out var next))
        {
            IReadOnlyList<Reference> references;
            try
            {
                references = await session.BrowseAsync(next.Id, cancel).ConfigureAwait(false);
            }
            catch (UaException error) when (next.Depth == 0 && error.Status.Condition is StatusCodes.BadNodeIdUnknown or StatusCodes.BadNodeIdInvalid)
            {
                return error.Status;
            }

            foreach (Reference reference in references)
            {
                if (reference.NodeClass is not (Reference.Object or Reference.Variable) || !reference.Node.TryResolve(session.Namespaces, out NodeId id) || !seen.Add(id))
                    continue;
                string name = next.Prefix + reference.BrowseName.Name;
                bool wanted = FileSystemName.MatchesSimpleExpression(pattern, pattern.Contains('.', StringComparison.Ordinal) ? name : reference.BrowseName.Name, ignoreCase: false);
                if (reference.NodeClass == Reference.Variable && wanted)
                    found.Add((id, text, name));
                if (found.Count > MostNodes)
                    throw new DriverConfigurationException($"'{text}' names more than {MostNodes} variables. Name a smaller folder, or a pattern after '/**/'.");
                if (next.Depth < MostDepth)
                    open.Enqueue((id, name + ".", next.Depth + 1));
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<WatchedNode>> DescribeAsync(IReadOnlyList<(NodeId Id, string Text, string? Name)> found, List<string> missing, CancellationToken cancel)
    {
        const int attributes = 4;
        IReadOnlyList<DataValue> values = await session.ReadAsync(
            [.. found.SelectMany(f => new[] { AttributeOf.BrowseName, AttributeOf.DataType, AttributeOf.ValueRank, AttributeOf.Value }.Select(a => new AttributeOf(f.Id, a)))], cancel).ConfigureAwait(false);
        string?[] units = await UnitsAsync([.. found.Select(f => f.Id)], cancel).ConfigureAwait(false);
        var nodes = new List<WatchedNode>(found.Count);
        for (int i = 0; i < found.Count; i++)
        {
            DataValue name = values[i * attributes], dataType = values[(i * attributes) + 1], rank = values[(i * attributes) + 2];
            if (name.Status.IsBad || dataType.Status.IsBad)
            {
                missing.Add($"{found[i].Text} ({(name.Status.IsBad ? name.Status : dataType.Status)})");
                continue;
            }

            Variant current = values[(i * attributes) + 3].Value;
            NodeId declared = (NodeId)(dataType.Value.ToObject() ?? default(NodeId));
            bool isArray = current.IsNull ? rank.Value.AsInt64() >= 0 : current.IsArray;
            BuiltInType type = current.IsNull || current.Type == BuiltInType.Variant ? await types.BuiltInAsync(declared, cancel).ConfigureAwait(false) : current.Type;
            string column = found[i].Name ?? ((QualifiedName)name.Value.ToObject()!).Name ?? found[i].Id.ToString();
            nodes.Add(new WatchedNode(found[i].Id, column, type, isArray, units[i], found[i].Text)
            {
                StableId = session.StableName(found[i].Id),
                Structure = type == BuiltInType.ExtensionObject ? await StructureAsync(current, declared, cancel).ConfigureAwait(false) : null,
                TypeName = type == BuiltInType.Int32 ? await types.EnumerationAsync(declared, cancel).ConfigureAwait(false) : null,
            });
        }

        return WithOwnNames(nodes);
    }

    // A value tells its own type, which may be derived from the declared one.
    private async Task<StructureType?> StructureAsync(Variant current, NodeId declared, CancellationToken cancel)
    {
        ExtensionObject? value = (current.IsArray ? current.Elements?.Cast<object?>().FirstOrDefault() : current.ToObject()) as ExtensionObject;
        StructureType? structure = value is not null
            ? await types.ByEncodingAsync(value.TypeId, cancel).ConfigureAwait(false)
            : await types.StructureAsync(declared, cancel).ConfigureAwait(false);
        return structure is { Leaves.Count: > 0 and <= MostColumns } ? structure : null;
    }

    // Two nodes of one name are told apart by their ids.
    private static List<WatchedNode> WithOwnNames(List<WatchedNode> nodes)
    {
        HashSet<string> twice = [.. nodes.SelectMany(n => n.Fields).GroupBy(f => f.Name).Where(g => g.Count() > 1).Select(g => g.Key)];
        return twice.Count == 0 ? nodes : [.. nodes.Select(n => n.Fields.Any(f => twice.Contains(f.Name)) ? n with { Column = n.Id.ToString() } : n)];
    }

    private async Task<string?[]> UnitsAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancel)
    {
        IReadOnlyList<QualifiedName> property = [new QualifiedName(0, "EngineeringUnits")];
        IReadOnlyList<NodeId?> found = await session.FindAsync([.. nodes.Select(n => (n, property))], cancel).ConfigureAwait(false);
        int[] places = [.. Enumerable.Range(0, nodes.Count).Where(i => found[i] is not null)];
        IReadOnlyList<DataValue> values = await session.ReadAsync([.. places.Select(i => new AttributeOf(found[i]!.Value))], cancel).ConfigureAwait(false);
        var units = new string?[nodes.Count];
        for (int i = 0; i < places.Length; i++)
            units[places[i]] = Unit(values[i].Value.ToObject() as ExtensionObject);
        return units;
    }

    // EUInformation (OPC 10000-8, 5.6.4.3): namespace, number, name, description.
    private static string? Unit(ExtensionObject? information)
    {
        if (information is null || information.TypeId != new NodeId(889))
            return null;
        try
        {
            var reader = new UaReader(information.Body.Span);
            reader.String();
            reader.Int32();
            return reader.LocalizedText().Text is { Length: > 0 } name ? name : null;
        }
        catch (UaException)
        {
            return null;
        }
    }
}
