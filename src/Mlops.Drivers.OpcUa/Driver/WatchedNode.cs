using Mlops.Data;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A node that is read, and the column of its values.</summary>
internal sealed record WatchedNode(NodeId Id, string Column, FieldType Type, BuiltInType ServerType, bool IsArray, string? Unit, string Text)
{
    /// <summary>Gets the id that stays the same when the server's indexes change.</summary>
    public string StableId { get; init; } = "";

    public FeedField Field => new(Column, Type) { Id = StableId, Unit = Unit, SourceType = IsArray ? $"{ServerType}[]" : ServerType.ToString() };
}
