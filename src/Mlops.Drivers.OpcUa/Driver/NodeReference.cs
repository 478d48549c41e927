using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A node as settings name it: by id, or by the names on the way to it from the Objects folder; alone or with everything below it.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Id">The id, unless it is named by a path.</param>
/// <param name="Path">The names on the way; empty when it is named by an id.</param>
/// <param name="Pattern">For everything below it: what the names of variables must look like, <c>*</c> for any; null for the node alone.</param>
/// <param name="Column">The column of its values; null for the node's own name.</param>
internal sealed record NodeReference(string Text, ExpandedNodeId Id, IReadOnlyList<string> Path, string? Pattern, string? Column = null)
{
    private const string Assignment = " = ";

    private static readonly string[] Root = ["0:Objects", "Objects"];
    private static readonly string[] Starts = ["/", "i=", "s=", "g=", "b=", "ns=", "nsu="];

    public bool IsPath => Path.Count > 0;

    /// <summary>Gets the folder in which a server's own objects lie (OPC 10000-5, 8.2.4).</summary>
    public static NodeId ObjectsFolder { get; } = new(85);

    /// <summary>Writes a node with the column of its values, as <see cref="Parse"/> reads it.</summary>
    public static string Write(string? column, string node) => column is null ? node : column + Assignment + node;

    /// <exception cref="FormatException">The text names no node.</exception>
    public static NodeReference Parse(string text)
    {
        string rest = text.Trim();
        string? column = null;
        int assignment = rest.IndexOf(Assignment, StringComparison.Ordinal);
        if (assignment > 0 && !Starts.Any(start => rest.StartsWith(start, StringComparison.Ordinal)))
        {
            column = rest[..assignment].Trim();
            rest = rest[(assignment + Assignment.Length)..].Trim();
        }

        string? pattern = null;
        int below = rest.LastIndexOf("/**", StringComparison.Ordinal);
        if (below > 0)
        {
            string wanted = rest[(below + 3)..].TrimStart('/');
            pattern = wanted.Length == 0 ? "*" : wanted;
            rest = rest[..below];
        }

        if (column is not null && pattern is not null)
            throw new FormatException($"'{text}' gives one column to many nodes. Name the nodes one by one, or leave the column out.");
        if (!rest.StartsWith('/'))
        {
            return ExpandedNodeId.TryParse(rest, out ExpandedNodeId id) ? new NodeReference(text, id, [], pattern, column)
                : throw new FormatException($"'{text}' names no node. Write an id like 'ns=2;s=Temperature' or 'nsu=http://vendor.com/;s=Temperature', or a path like '/Objects/2:Press/2:Temperature'.");
        }

        string[] names = rest.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length > 0 && Root.Contains(names[0], StringComparer.OrdinalIgnoreCase))
            names = names[1..];
        return names.Length > 0 || pattern is not null ? new NodeReference(text, new ExpandedNodeId(ObjectsFolder), names, pattern, column)
            : throw new FormatException($"'{text}' names no node: the path has no name after '/Objects'.");
    }
}
