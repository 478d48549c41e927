namespace Mlops.Drivers.OpcUa.Types;

/// <summary>A structure as it was encoded.</summary>
/// <param name="TypeId">Names the encoding of the structure's type.</param>
/// <param name="Body">The encoded structure; empty when there is none.</param>
/// <param name="IsXml">Whether the body is XML in UTF-8, else binary.</param>
public sealed record ExtensionObject(NodeId TypeId, ReadOnlyMemory<byte> Body, bool IsXml = false);
