using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>Which fields of which events are wanted (OPC 10000-4, 7.22.3).</summary>
/// <param name="Select">The wanted fields by their browse path, for example <c>Severity</c> or <c>EnabledState/Id</c>.</param>
/// <param name="OfType">Only events of this type; <see langword="null"/> for all.</param>
/// <param name="MinSeverity">Only events at least this severe, 1 to 1000; 0 for all.</param>
internal sealed record EventFilter(IReadOnlyList<IReadOnlyList<QualifiedName>> Select, NodeId? OfType = null, ushort MinSeverity = 0)
{
    private const int GreaterThanOrEqual = 4;
    private const int And = 10;
    private const int OfTypeOperator = 14;

    private static readonly NodeId BaseEventType = new(2041);

    public void Write(UaWriter writer)
    {
        int filter = writer.BeginExtensionObject(727);
        writer.Int32(Select.Count);
        foreach (IReadOnlyList<QualifiedName> path in Select)
            WriteOperand(writer, path);
        WriteWhere(writer);
        writer.EndLength(filter);
    }

    private static void WriteOperand(UaWriter writer, IReadOnlyList<QualifiedName> path)
    {
        writer.NodeId(BaseEventType);
        writer.Int32(path.Count);
        foreach (QualifiedName name in path)
            writer.QualifiedName(name);
        writer.UInt32(AttributeOf.Value);
        writer.String(null);
    }

    // The elements are a tree in a list: the first is the whole condition, operands refer to later ones by their place.
    private void WriteWhere(UaWriter writer)
    {
        bool both = OfType is not null && MinSeverity > 0;
        writer.Int32((OfType is null ? 0 : 1) + (MinSeverity == 0 ? 0 : 1) + (both ? 1 : 0));
        if (both)
        {
            writer.Int32(And);
            writer.Int32(2);
            WriteElement(writer, 1);
            WriteElement(writer, 2);
        }

        if (OfType is { } type)
        {
            writer.Int32(OfTypeOperator);
            writer.Int32(1);
            WriteLiteral(writer, Variant.FromObject(BuiltInType.NodeId, type));
        }

        if (MinSeverity == 0)
            return;
        writer.Int32(GreaterThanOrEqual);
        writer.Int32(2);
        int operand = writer.BeginExtensionObject(603);
        WriteOperand(writer, [new QualifiedName(0, "Severity")]);
        writer.EndLength(operand);
        WriteLiteral(writer, Variant.From(MinSeverity, BuiltInType.UInt16));
    }

    private static void WriteElement(UaWriter writer, uint index)
    {
        int operand = writer.BeginExtensionObject(594);
        writer.UInt32(index);
        writer.EndLength(operand);
    }

    private static void WriteLiteral(UaWriter writer, Variant value)
    {
        int operand = writer.BeginExtensionObject(597);
        writer.Variant(value);
        writer.EndLength(operand);
    }
}
