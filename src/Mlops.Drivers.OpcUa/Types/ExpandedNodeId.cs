namespace Mlops.Drivers.OpcUa.Types;

/// <summary>Names a node, its namespace possibly by URI: <c>nsu=http://vendor.com/press;s=Temperature</c>. Stays right when a server's indexes change.</summary>
/// <param name="Id">The id; its index counts only when there is no URI.</param>
/// <param name="NamespaceUri">URI of the namespace, or <see langword="null"/>.</param>
/// <param name="ServerIndex">0 for the server itself, else another one that it knows.</param>
public readonly record struct ExpandedNodeId(NodeId Id, string? NamespaceUri = null, uint ServerIndex = 0)
{
    /// <summary>Reads an id with or without <c>nsu=</c>.</summary>
    /// <param name="text">The text; a semicolon in the URI is written <c>%3B</c>, a percent sign <c>%25</c>.</param>
    /// <param name="id">The id.</param>
    /// <returns>Whether the text is an id.</returns>
    public static bool TryParse(string text, out ExpandedNodeId id)
    {
        ArgumentNullException.ThrowIfNull(text);
        id = default;
        string? uri = null;
        ReadOnlySpan<char> rest = text;
        if (rest.StartsWith("nsu=", StringComparison.Ordinal))
        {
            int end = rest.IndexOf(';');
            if (end <= 4)
                return false;
            uri = rest[4..end].ToString().Replace("%3B", ";", StringComparison.OrdinalIgnoreCase).Replace("%25", "%", StringComparison.Ordinal);
            rest = rest[(end + 1)..];
            if (rest.StartsWith("ns=", StringComparison.Ordinal))
                return false;
        }

        if (!NodeId.TryParse(rest, out NodeId node))
            return false;
        id = new ExpandedNodeId(node, uri);
        return true;
    }

    /// <summary>Returns the id under a server's table of namespaces.</summary>
    /// <param name="namespaces">The server's namespaces in their order.</param>
    /// <param name="id">The id.</param>
    /// <returns>Whether the server knows the namespace.</returns>
    public bool TryResolve(IReadOnlyList<string> namespaces, out NodeId id)
    {
        ArgumentNullException.ThrowIfNull(namespaces);
        id = Id;
        if (NamespaceUri is null)
            return ServerIndex == 0;
        for (int i = 0; i < namespaces.Count; i++)
        {
            if (namespaces[i] != NamespaceUri)
                continue;
            id = Id.WithNamespace((ushort)i);
            return ServerIndex == 0;
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => NamespaceUri is null ? Id.ToString()
        : $"nsu={NamespaceUri.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal)};{Id.Identifier}";
}
