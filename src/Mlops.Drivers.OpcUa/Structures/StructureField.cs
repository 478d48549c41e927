using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>A field of a structure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Encoded">As what it is encoded; ignored when there is an <paramref name="Inner"/> structure.</param>
/// <param name="Leaf">The type of its values in columns.</param>
/// <param name="Rank">-1 for one value, 1 for an array, more for a matrix.</param>
/// <param name="Bit">Which bit tells that it is there; -1 when it always is.</param>
/// <param name="Inner">The structure that it holds, encoded without its type; null for other values.</param>
internal sealed record StructureField(string Name, BuiltInType Encoded, BuiltInType Leaf, int Rank, int Bit, StructureType? Inner)
{
    public bool IsArray => Rank >= 0;

    /// <summary>Gets what the server says about the type: the names of an enumeration.</summary>
    public string? TypeName { get; init; }

    /// <summary>Gets how many columns it makes.</summary>
    public int Width => Inner is null ? 1 : Inner.Leaves.Count;
}
