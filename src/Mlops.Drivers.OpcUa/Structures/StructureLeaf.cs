using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>A value somewhere in a structure: what becomes a column.</summary>
/// <param name="Path">The names on the way to it, with points between them.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="IsArray">Whether there are any number of them: it is an array, or lies in one.</param>
/// <param name="TypeName">What the server says about the type: the names of an enumeration; else null.</param>
internal readonly record struct StructureLeaf(string Path, BuiltInType Type, bool IsArray, string? TypeName);
