using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Writes values to nodes, which are named by a column or an id.</summary>
internal sealed class ServerWriter(UaSession session, IReadOnlyList<WatchedNode> nodes)
{
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<AssetValue> values, CancellationToken cancel)
    {
        var outcomes = new WriteOutcome[values.Count];
        var writes = new List<(int Index, (AttributeOf, DataValue) Write)>();
        for (int i = 0; i < values.Count; i++)
        {
            if (Find(values[i].Id) is not { } id)
            {
                outcomes[i] = new WriteOutcome(values[i].Id, $"'{values[i].Id}' is neither a column nor a node id.");
                continue;
            }

            try
            {
                writes.Add((i, (new AttributeOf(id), new DataValue(FieldMapping.ToVariant(values[i].Value, await TypeAsync(id, cancel).ConfigureAwait(false))))));
            }
            catch (FormatException error)
            {
                outcomes[i] = new WriteOutcome(values[i].Id, $"{error.Message} '{values[i].Id}' takes nothing else.");
            }
        }

        IReadOnlyList<StatusCode> results = await session.WriteAsync([.. writes.Select(w => w.Write)], cancel).ConfigureAwait(false);
        for (int i = 0; i < results.Count; i++)
        {
            string name = values[writes[i].Index].Id;
            outcomes[writes[i].Index] = new WriteOutcome(name, results[i].IsBad ? $"The server has not taken the value for '{name}': {results[i]}.{Remedy(results[i])}" : null);
        }

        return outcomes;
    }

    private static string Remedy(StatusCode status) => status.Condition switch
    {
        StatusCodes.BadNotWritable => " The node can only be read.",
        StatusCodes.BadUserAccessDenied => " Give the user in 'user' the right to write it.",
        StatusCodes.BadNodeIdUnknown => " There is no such node; check how it is spelt.",
        _ => "",
    };

    private NodeId? Find(string name)
    {
        WatchedNode? node = nodes.FirstOrDefault(n => n.Column == name || n.StableId == name || n.Text == name);
        if (node is not null)
            return node.Id;
        return ExpandedNodeId.TryParse(name, out ExpandedNodeId id) && id.TryResolve(session.Namespaces, out NodeId resolved) ? resolved : null;
    }

    private async Task<BuiltInType> TypeAsync(NodeId id, CancellationToken cancel)
    {
        if (nodes.FirstOrDefault(n => n.Id == id) is { } node)
            return node.ServerType;
        DataValue type = (await session.ReadAsync([new AttributeOf(id, AttributeOf.DataType)], cancel).ConfigureAwait(false))[0];
        return type.Value.ToObject() is NodeId dataType ? await new DataTypes(session).BuiltInAsync(dataType, cancel).ConfigureAwait(false)
            : throw new FormatException($"{id} has no type: {type.Status}.");
    }
}
