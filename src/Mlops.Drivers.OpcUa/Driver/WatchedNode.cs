using Mlops.Data;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A node that is read, and the columns of its values: one, or for a structure one for each of its values.</summary>
internal sealed record WatchedNode(NodeId Id, string Column, BuiltInType ServerType, bool IsArray, string? Unit, string Text)
{
    /// <summary>Gets the id that stays the same when the server's indexes change.</summary>
    public string StableId { get; init; } = "";

    /// <summary>Gets how its structures are read; null for other values, and for structures that nobody describes.</summary>
    public StructureType? Structure { get; init; }

    /// <summary>Gets what the server says about the type: the names of an enumeration.</summary>
    public string? TypeName { get; init; }

    /// <summary>Gets the type of its only column.</summary>
    public FieldType Type => FieldMapping.TypeOf(ServerType, IsArray);

    public bool IsNumber => Structure is null && Type is FieldType.Float64 or FieldType.Int64 or FieldType.UInt64;

    public IReadOnlyList<FeedField> Fields => Structure is null
        ? [new(Column, Type) { Id = StableId, Unit = Unit, SourceType = Name(ServerType, IsArray, TypeName) }]
        : [.. Structure.Leaves.Select(leaf => new FeedField($"{Column}.{leaf.Path}", FieldMapping.TypeOf(leaf.Type, leaf.IsArray || IsArray))
        {
            Id = $"{StableId}/{leaf.Path}",
            SourceType = Name(leaf.Type, leaf.IsArray || IsArray, leaf.TypeName),
        })];

    private static string Name(BuiltInType type, bool isArray, string? more) => $"{type}{(isArray ? "[]" : "")}{more}";
}
