using Mlops.Data;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Shows what lies below a node, for people who choose nodes.</summary>
internal sealed class ServerTree(UaSession session)
{
    private const int CurrentWrite = 2;

    public async Task<IReadOnlyList<BrowseItem>> ChildrenAsync(NodeId parent, CancellationToken cancel)
    {
        var children = new List<(NodeId Id, Reference Reference)>();
        foreach (Reference reference in await session.BrowseAsync(parent, cancel).ConfigureAwait(false))
        {
            if (reference.NodeClass is Reference.Object or Reference.Variable && reference.Node.TryResolve(session.Namespaces, out NodeId id))
                children.Add((id, reference));
        }

        const int attributes = 5;
        IReadOnlyList<DataValue> values = await session.ReadAsync(
            [.. children.SelectMany(c => new[] { AttributeOf.DataType, AttributeOf.ValueRank, AttributeOf.UserAccessLevel, AttributeOf.Description, AttributeOf.Value }.Select(a => new AttributeOf(c.Id, a)))], cancel).ConfigureAwait(false);
        var types = new DataTypes(session);
        var items = new List<BrowseItem>(children.Count);
        for (int i = 0; i < children.Count; i++)
        {
            var (id, reference) = children[i];
            bool isVariable = reference.NodeClass == Reference.Variable;
            string stable = session.StableName(id);
            FieldType? type = null;
            if (isVariable && values[i * attributes].Value.ToObject() is NodeId dataType)
                type = FieldMapping.TypeOf(await types.BuiltInAsync(dataType, cancel).ConfigureAwait(false), values[(i * attributes) + 1].Value.AsInt64() >= 0);
            items.Add(new BrowseItem(stable, reference.DisplayName.Text ?? reference.BrowseName.Name ?? stable)
            {
                // Every object may hold something; asking each one would take as many calls again.
                HasChildren = true,
                Type = type,
                Writable = isVariable && (values[(i * attributes) + 2].Value.AsInt64() & CurrentWrite) != 0,
                Description = Describe(values[(i * attributes) + 3], values[(i * attributes) + 4], isVariable),
            });
        }

        return items;
    }

    private static string? Describe(DataValue description, DataValue current, bool isVariable)
    {
        string? text = description.Status.IsBad || description.Value.ToObject() is not LocalizedText { Text.Length: > 0 } localized ? null : localized.Text;
        if (!isVariable)
            return text;
        string value = current.Status.IsBad ? current.Status.ToString() : current.Value.ToString();
        return text is null ? $"Now {value}" : $"{text} Now {value}";
    }
}
