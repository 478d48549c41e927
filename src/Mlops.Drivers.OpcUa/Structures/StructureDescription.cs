using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>A structure as the attribute DataTypeDefinition tells it (OPC 10000-3, 8.48).</summary>
internal sealed record StructureDescription(NodeId Encoding, StructureKind Kind, IReadOnlyList<FieldDescription> Fields)
{
    /// <returns>Null when it cannot be read, or is of a kind that is not known.</returns>
    public static StructureDescription? TryRead(ExtensionObject definition)
    {
        try
        {
            var reader = new UaReader(definition.Body.Span);
            NodeId encoding = reader.NodeId();
            reader.NodeId();
            var kind = (StructureKind)reader.Int32();
            return Enum.IsDefined(kind) ? new StructureDescription(encoding, kind, reader.List(20, FieldDescription.Read) ?? []) : null;
        }
        catch (UaException)
        {
            return null;
        }
    }
}

/// <summary>A field of it (OPC 10000-3, 8.51).</summary>
internal readonly record struct FieldDescription(string Name, NodeId DataType, int Rank, bool IsOptional)
{
    public static FieldDescription Read(ref UaReader reader)
    {
        string name = reader.String() ?? "";
        reader.LocalizedText();
        NodeId type = reader.NodeId();
        int rank = reader.Int32();
        reader.Elements(BuiltInType.UInt32);
        reader.UInt32();
        return new FieldDescription(name, type, rank, reader.Boolean());
    }
}
