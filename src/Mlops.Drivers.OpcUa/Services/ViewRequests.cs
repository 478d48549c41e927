using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>A node that another one refers to.</summary>
internal sealed record Reference(NodeId Type, bool IsForward, ExpandedNodeId Node, QualifiedName BrowseName, LocalizedText DisplayName, int NodeClass, ExpandedNodeId TypeDefinition)
{
    public const int Object = 1;
    public const int Variable = 2;
    public const int Method = 4;

    public static Reference Read(ref UaReader reader) => new(
        reader.NodeId(), reader.Boolean(), reader.ExpandedNodeId(), reader.QualifiedName(), reader.LocalizedText(), reader.Int32(), reader.ExpandedNodeId());
}

/// <summary>What a node refers to, or a part of it.</summary>
internal sealed record BrowsePage(StatusCode Status, byte[]? ContinuationPoint, IReadOnlyList<Reference> References)
{
    public static BrowsePage Read(ref UaReader reader)
    {
        StatusCode status = reader.Status();
        byte[]? next = reader.ByteString();
        return new BrowsePage(status, next is { Length: > 0 } ? next : null, reader.List(1, Reference.Read) ?? []);
    }
}

/// <summary>Asks what nodes refer to (OPC 10000-4, 5.9.2).</summary>
internal sealed record BrowseRequest(IReadOnlyList<NodeId> Nodes, NodeId ReferenceType, uint MaxReferences = 0, bool Inverse = false) : IServiceRequest<IReadOnlyList<BrowsePage>>
{
    public uint TypeId => 527;

    public uint ResponseTypeId => 530;

    public void Write(UaWriter writer)
    {
        // No view.
        writer.NodeId(default);
        writer.Time(default);
        writer.UInt32(0);
        writer.UInt32(MaxReferences);
        writer.Int32(Nodes.Count);
        foreach (NodeId node in Nodes)
        {
            writer.NodeId(node);
            writer.Int32(Inverse ? 1 : 0);
            writer.NodeId(ReferenceType);
            writer.Boolean(true);
            writer.UInt32(0);
            writer.UInt32(0x3F);
        }
    }

    public IReadOnlyList<BrowsePage> Read(ref UaReader reader)
    {
        BrowsePage[] pages = reader.List(1, BrowsePage.Read) ?? [];
        return pages.Length == Nodes.Count ? pages : throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered {Nodes.Count} browses with {pages.Length} results.");
    }
}

/// <summary>Asks for the next parts (OPC 10000-4, 5.9.3).</summary>
internal sealed record BrowseNextRequest(byte[] ContinuationPoint, bool Release = false) : IServiceRequest<BrowsePage?>
{
    public uint TypeId => 533;

    public uint ResponseTypeId => 536;

    public void Write(UaWriter writer)
    {
        writer.Boolean(Release);
        writer.Int32(1);
        writer.ByteString(ContinuationPoint);
    }

    public BrowsePage? Read(ref UaReader reader) => reader.List(1, BrowsePage.Read) is { Length: > 0 } pages ? pages[0] : null;
}

/// <summary>Finds nodes by the names on the way to them (OPC 10000-4, 5.9.4).</summary>
internal sealed record TranslateBrowsePathsRequest(IReadOnlyList<(NodeId Start, IReadOnlyList<QualifiedName> Path)> Paths) : IServiceRequest<IReadOnlyList<(StatusCode Status, ExpandedNodeId? Node)>>
{
    // Whatever holds the hierarchy together: HierarchicalReferences and what is derived from it.
    private static readonly NodeId Hierarchical = new(33);

    public uint TypeId => 554;

    public uint ResponseTypeId => 557;

    public void Write(UaWriter writer)
    {
        writer.Int32(Paths.Count);
        foreach (var (start, path) in Paths)
        {
            writer.NodeId(start);
            writer.Int32(path.Count);
            foreach (QualifiedName name in path)
            {
                writer.NodeId(Hierarchical);
                writer.Boolean(false);
                writer.Boolean(true);
                writer.QualifiedName(name);
            }
        }
    }

    public IReadOnlyList<(StatusCode Status, ExpandedNodeId? Node)> Read(ref UaReader reader)
    {
        var results = reader.List(8, ReadResult) ?? [];
        return results.Length == Paths.Count ? results : throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered {Paths.Count} paths with {results.Length} results.");
    }

    private static (StatusCode Status, ExpandedNodeId? Node) ReadResult(ref UaReader reader)
    {
        StatusCode status = reader.Status();
        ExpandedNodeId? found = null;
        for (int left = reader.Count(6); left > 0; left--)
        {
            ExpandedNodeId target = reader.ExpandedNodeId();
            // Only whole paths count: one that leaves for another server tells how many names are left.
            if (reader.UInt32() == uint.MaxValue)
                found ??= target;
        }

        return (status, found);
    }
}
