using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>An attribute of a node.</summary>
internal readonly record struct AttributeOf(NodeId Node, uint Attribute = AttributeOf.Value, string? IndexRange = null)
{
    public const uint NodeClass = 2;
    public const uint BrowseName = 3;
    public const uint DisplayName = 4;
    public const uint Description = 5;
    public const uint EventNotifier = 12;
    public const uint Value = 13;
    public const uint DataType = 14;
    public const uint ValueRank = 15;
    public const uint AccessLevel = 17;
    public const uint UserAccessLevel = 18;
    public const uint DataTypeDefinition = 23;

    public void Write(UaWriter writer)
    {
        writer.NodeId(Node);
        writer.UInt32(Attribute);
        writer.String(IndexRange);
        writer.QualifiedName(default);
    }
}

/// <summary>Reads attributes (OPC 10000-4, 5.11.2).</summary>
internal sealed record ReadRequest(IReadOnlyList<AttributeOf> Attributes) : IServiceRequest<IReadOnlyList<DataValue>>
{
    public uint TypeId => 631;

    public uint ResponseTypeId => 634;

    public void Write(UaWriter writer)
    {
        writer.Double(0);
        writer.UInt32(2);
        writer.Int32(Attributes.Count);
        foreach (AttributeOf attribute in Attributes)
            attribute.Write(writer);
    }

    public IReadOnlyList<DataValue> Read(ref UaReader reader)
    {
        DataValue[] values = reader.List(1, static (ref UaReader r) => r.DataValue()) ?? [];
        return values.Length == Attributes.Count ? values
            : throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered {Attributes.Count} reads with {values.Length} values.");
    }
}

/// <summary>Writes attributes (OPC 10000-4, 5.11.4).</summary>
internal sealed record WriteRequest(IReadOnlyList<(AttributeOf Attribute, DataValue Value)> Values) : IServiceRequest<IReadOnlyList<StatusCode>>
{
    public uint TypeId => 673;

    public uint ResponseTypeId => 676;

    public void Write(UaWriter writer)
    {
        writer.Int32(Values.Count);
        foreach (var (attribute, value) in Values)
        {
            writer.NodeId(attribute.Node);
            writer.UInt32(attribute.Attribute);
            writer.String(attribute.IndexRange);
            writer.DataValue(value);
        }
    }

    public IReadOnlyList<StatusCode> Read(ref UaReader reader)
    {
        StatusCode[] results = reader.Statuses();
        return results.Length == Values.Count ? results
            : throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered {Values.Count} writes with {results.Length} results.");
    }
}

/// <summary>Reads the history of one node, as it was stored (OPC 10000-4, 5.11.3; OPC 10000-11, 6.5.3).</summary>
internal sealed record HistoryReadRequest(NodeId Node, UaTime From, UaTime To, uint MaxValues, byte[]? ContinuationPoint, bool Release) : IServiceRequest<HistoryPage>
{
    public uint TypeId => 664;

    public uint ResponseTypeId => 667;

    public void Write(UaWriter writer)
    {
        int details = writer.BeginExtensionObject(649);
        writer.Boolean(false);
        writer.Time(From);
        writer.Time(To);
        writer.UInt32(MaxValues);
        writer.Boolean(false);
        writer.EndLength(details);
        writer.UInt32(0);
        writer.Boolean(Release);
        writer.Int32(1);
        writer.NodeId(Node);
        writer.String(null);
        writer.QualifiedName(default);
        writer.ByteString(ContinuationPoint);
    }

    public HistoryPage Read(ref UaReader reader)
    {
        if (reader.Count(1) < 1)
            throw new UaException(StatusCodes.BadUnknownResponse, "The server answered a read of history with nothing.");
        StatusCode status = reader.Status();
        byte[]? next = reader.ByteString();
        var (type, end) = reader.BeginExtensionObject();
        DataValue[] values = type == 658 ? reader.List(1, static (ref UaReader r) => r.DataValue()) ?? [] : [];
        reader.EndExtensionObject(end);
        return new HistoryPage(status, values, next is { Length: > 0 } ? next : null);
    }
}

/// <summary>A part of a node's history.</summary>
internal sealed record HistoryPage(StatusCode Status, IReadOnlyList<DataValue> Values, byte[]? ContinuationPoint);

/// <summary>Calls a method (OPC 10000-4, 5.12.2).</summary>
internal sealed record CallRequest(NodeId Object, NodeId Method, IReadOnlyList<Variant> Arguments) : IServiceRequest<CallResult>
{
    public uint TypeId => 712;

    public uint ResponseTypeId => 715;

    public void Write(UaWriter writer)
    {
        writer.Int32(1);
        writer.NodeId(Object);
        writer.NodeId(Method);
        writer.Int32(Arguments.Count);
        foreach (Variant argument in Arguments)
            writer.Variant(argument);
    }

    public CallResult Read(ref UaReader reader)
    {
        if (reader.Count(1) < 1)
            throw new UaException(StatusCodes.BadUnknownResponse, "The server answered a call with nothing.");
        StatusCode status = reader.Status();
        StatusCode[] arguments = reader.Statuses();
        reader.SkipDiagnosticInfos();
        return new CallResult(status, arguments, reader.List(1, static (ref UaReader r) => r.Variant()) ?? []);
    }
}

/// <summary>How a method's call ended.</summary>
internal sealed record CallResult(StatusCode Status, IReadOnlyList<StatusCode> Arguments, IReadOnlyList<Variant> Outputs);
