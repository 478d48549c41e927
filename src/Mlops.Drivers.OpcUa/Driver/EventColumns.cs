using Mlops.Data;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>The columns of a feed of events.</summary>
/// <param name="Fields">The columns, in the order of the selected fields.</param>
/// <param name="Filter">What is asked of the server: these fields, and the event's time behind them where it is not among them.</param>
/// <param name="Time">Which of the fields is the event's time.</param>
internal sealed record EventColumns(IReadOnlyList<FeedField> Fields, EventFilter Filter, int Time)
{
    private const string TimeField = "Time";
    private static readonly string[] Usual = [TimeField, "EventType", "SourceName", "Message", "Severity"];
    private static readonly NodeId BaseEventType = new(2041);

    /// <summary>Asks the server for the types of the selected fields.</summary>
    /// <param name="session">The session.</param>
    /// <param name="types">Its data types.</param>
    /// <param name="settings">Which events and fields.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The columns; a field that the event's type does not declare is a text.</returns>
    public static async Task<EventColumns> ResolveAsync(UaSession session, DataTypes types, OpcUaEventSettings settings, CancellationToken cancel)
    {
        string[] names = [.. settings.Select ?? [.. Usual]];
        List<IReadOnlyList<QualifiedName>> paths = [.. names.Select(Path)];
        NodeId type = settings.Type is { } text && ExpandedNodeId.TryParse(text, out ExpandedNodeId named) && named.TryResolve(session.Namespaces, out NodeId own) ? own : BaseEventType;
        IReadOnlyList<NodeId?> declared = await session.FindAsync([.. paths.Select(p => (type, p))], cancel).ConfigureAwait(false);
        int[] known = [.. Enumerable.Range(0, names.Length).Where(i => declared[i] is not null)];
        IReadOnlyList<DataValue> values = await session.ReadAsync(
            [.. known.SelectMany(i => new[] { new AttributeOf(declared[i]!.Value, AttributeOf.DataType), new AttributeOf(declared[i]!.Value, AttributeOf.ValueRank) })], cancel).ConfigureAwait(false);
        var fields = names.Select(n => new FeedField(n, FieldType.Text)).ToArray();
        for (int i = 0; i < known.Length; i++)
        {
            if (values[2 * i].Value.ToObject() is not NodeId dataType)
                continue;
            BuiltInType builtIn = await types.BuiltInAsync(dataType, cancel).ConfigureAwait(false);
            bool isArray = values[(2 * i) + 1].Value.AsInt64() >= 0;
            fields[known[i]] = new FeedField(names[known[i]], FieldMapping.TypeOf(builtIn, isArray)) { SourceType = $"{builtIn}{(isArray ? "[]" : "")}" };
        }

        int time = Array.IndexOf(names, TimeField);
        if (time < 0)
        {
            time = paths.Count;
            paths.Add(Path(TimeField));
        }

        return new EventColumns(fields, new EventFilter(paths, settings.Type is null ? null : type, (ushort)settings.MinSeverity), time);
    }

    private static QualifiedName[] Path(string name) => [.. name.Split('/').Select(QualifiedName.Parse)];
}
