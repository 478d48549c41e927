using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>How a structure is encoded, and the columns that its values make.</summary>
internal sealed class StructureType(string name, NodeId encoding, StructureKind kind, IReadOnlyList<StructureField> fields)
{
    private IReadOnlyList<StructureLeaf>? _leaves;

    public string Name => name;

    /// <summary>Gets the id of its binary encoding, by which values name their type.</summary>
    public NodeId Encoding => encoding;

    public StructureKind Kind => kind;

    public bool IsUnion => kind is StructureKind.Union or StructureKind.UnionWithSubtypes;

    public IReadOnlyList<StructureField> Fields => fields;

    /// <summary>Gets all values that it holds, in the order of its fields.</summary>
    public IReadOnlyList<StructureLeaf> Leaves => _leaves ??= [.. fields.SelectMany(LeavesOf)];

    private static IEnumerable<StructureLeaf> LeavesOf(StructureField field) => field.Inner is null
        ? [new StructureLeaf(field.Name, field.Leaf, field.IsArray, field.TypeName)]
        : field.Inner.Leaves.Select(leaf => leaf with
        {
            Path = $"{field.Name}.{leaf.Path}",
            IsArray = leaf.IsArray || field.IsArray,
            // An array in each element of an array: columns hold lists, not lists of lists, so each becomes a text.
            Type = leaf.IsArray && field.IsArray ? BuiltInType.Variant : leaf.Type,
        });
}
