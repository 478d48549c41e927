using System.Globalization;

namespace Mlops.Drivers.OpcUa.Types;

/// <summary>Names a node of a server, for example <c>ns=2;s=Press.Temperature</c> or <c>i=2258</c>.</summary>
/// <remarks>The index of a namespace may change when a server restarts; <see cref="ExpandedNodeId"/> names it by URI.</remarks>
public readonly record struct NodeId
{
    private NodeId(ushort namespaceIndex, NodeIdKind kind, uint number, string? text)
    {
        NamespaceIndex = namespaceIndex;
        Kind = kind;
        Number = number;
        Text = text;
    }

    /// <summary>Names a node by a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="namespaceIndex">Index of the namespace; 0 is OPC UA's own.</param>
    public NodeId(uint number, ushort namespaceIndex = 0)
        : this(namespaceIndex, NodeIdKind.Numeric, number, null)
    {
    }

    /// <summary>Names a node by a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="namespaceIndex">Index of the namespace.</param>
    public NodeId(string text, ushort namespaceIndex)
        : this(namespaceIndex, NodeIdKind.String, 0, text ?? throw new ArgumentNullException(nameof(text)))
    {
    }

    /// <summary>Names a node by a GUID.</summary>
    /// <param name="guid">The GUID.</param>
    /// <param name="namespaceIndex">Index of the namespace.</param>
    public NodeId(Guid guid, ushort namespaceIndex)
        : this(namespaceIndex, NodeIdKind.Guid, 0, guid.ToString("D"))
    {
    }

    /// <summary>Names a node by bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="namespaceIndex">Index of the namespace.</param>
    public NodeId(ReadOnlySpan<byte> bytes, ushort namespaceIndex)
        : this(namespaceIndex, NodeIdKind.Opaque, 0, Convert.ToBase64String(bytes))
    {
    }

    /// <summary>Gets the index of the namespace.</summary>
    public ushort NamespaceIndex { get; }

    /// <summary>Gets what identifies the node.</summary>
    public NodeIdKind Kind { get; }

    /// <summary>Gets the number of a <see cref="NodeIdKind.Numeric"/> id, else 0.</summary>
    public uint Number { get; }

    /// <summary>Gets the text of an id that is no number: the text itself, the GUID, or the bytes in base 64.</summary>
    public string? Text { get; }

    /// <summary>Gets a value indicating whether this names no node.</summary>
    public bool IsNull => NamespaceIndex == 0 && Number == 0 && string.IsNullOrEmpty(Text);

    /// <summary>Returns the same identifier in another namespace.</summary>
    /// <param name="namespaceIndex">Index of the other namespace.</param>
    /// <returns>The id.</returns>
    public NodeId WithNamespace(ushort namespaceIndex) => new(namespaceIndex, Kind, Number, Text);

    /// <summary>Reads an id as OPC 10000-6, 5.3.1.10 writes it, without <c>nsu=</c>.</summary>
    /// <param name="text">For example <c>ns=2;s=Press.Temperature</c>.</param>
    /// <param name="id">The id.</param>
    /// <returns>Whether the text is an id.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out NodeId id)
    {
        id = default;
        ushort index = 0;
        if (text.StartsWith("ns=", StringComparison.Ordinal))
        {
            int end = text.IndexOf(';');
            if (end < 0 || !ushort.TryParse(text[3..end], NumberStyles.None, CultureInfo.InvariantCulture, out index))
                return false;
            text = text[(end + 1)..];
        }

        if (text.Length < 2 || text[1] != '=')
            return false;
        ReadOnlySpan<char> value = text[2..];
        switch (text[0])
        {
            case 'i' when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number):
                id = new NodeId(number, index);
                return true;
            case 's' when value.Length > 0:
                id = new NodeId(value.ToString(), index);
                return true;
            case 'g' when Guid.TryParse(value, out Guid guid):
                id = new NodeId(guid, index);
                return true;
            case 'b':
                byte[] bytes = new byte[value.Length];
                if (!Convert.TryFromBase64Chars(value, bytes, out int count))
                    return false;
                id = new NodeId(bytes.AsSpan(0, count), index);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads an id.</summary>
    /// <param name="text">For example <c>ns=2;s=Press.Temperature</c>.</param>
    /// <returns>The id.</returns>
    /// <exception cref="FormatException">The text is no id.</exception>
    public static NodeId Parse(string text) => TryParse(text, out NodeId id) ? id
        : throw new FormatException($"'{text}' is no node id. Write it like 'ns=2;s=Press.Temperature', 'ns=2;i=1001', 'ns=2;g=…' or 'ns=2;b=…' (base 64).");

    /// <inheritdoc/>
    public override string ToString() => NamespaceIndex == 0 ? Identifier : string.Create(CultureInfo.InvariantCulture, $"ns={NamespaceIndex};{Identifier}");

    internal string Identifier => Kind switch
    {
        NodeIdKind.Numeric => string.Create(CultureInfo.InvariantCulture, $"i={Number}"),
        NodeIdKind.String => $"s={Text}",
        NodeIdKind.Guid => $"g={Text}",
        _ => $"b={Text}",
    };
}
