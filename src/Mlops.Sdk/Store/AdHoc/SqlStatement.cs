using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using Mlops.DuckDb;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <summary>
/// Lets a text through only if it is one SELECT whose every part is known to be harmless: the engine's own parser takes it apart, and
/// all tables, expressions and functions of the tree must be among the allowed.
/// </summary>
internal sealed class SqlStatement
{
    private const int MaxLength = 20_000;
    private const int MaxJoined = 16;
    private static readonly string[] NameParts = ["catalog_name", "schema_name", "table_name"];
    private readonly string _text;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, int? Byte)> _tables = [];
    private int _joined;

    private SqlStatement(string text) => _text = text;

    /// <summary>Gets the text without the semicolon that ended it, so that it can stand inside another statement; places in it stay.</summary>
    public string Body { get; private set; } = "";

    /// <summary>Gets the tables that it reads, each once.</summary>
    public IReadOnlyList<(string Name, int? Position)> Tables { get; private set; } = [];

    /// <summary>Checks a statement.</summary>
    /// <exception cref="SqlQueryException">It is refused.</exception>
    public static SqlStatement Check(DuckDbConnection connection, string text)
    {
        var statement = new SqlStatement(text);
        if (text.Length > MaxLength)
            throw statement.Refuse($"The statement has {text.Length} characters, at most {MaxLength} are read. Shorten it.", null);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw statement.Refuse("The statement contains a null character. Remove it.", text.IndexOf('\0', StringComparison.Ordinal), bytes: false);
        SyntaxTree tree = SyntaxTree.Parse(connection, text);
        if (tree.Error is { } error)
        {
            // What the parser takes for another statement than SELECT has no place and no tree.
            throw error.Contains("Only SELECT", StringComparison.Ordinal)
                ? statement.Refuse("Only SELECT is offered. Data is written through ingest, and settings are not for SQL.", null)
                : new SqlQueryException(SqlFault.Wrong, $"{char.ToUpperInvariant(error[0])}{error.AsSpan(1)}. Text is quoted with ' and names with \".", text, statement.Character(tree.Byte));
        }

        if (tree.Statements.Count != 1)
            throw statement.Refuse(tree.Statements.Count == 0 ? "The statement is empty. Write a SELECT." : $"These are {tree.Statements.Count} statements. Send one.", null);
        statement.CollectNames(tree.Statements[0]);
        statement.Visit(tree.Statements[0]);
        statement.Tables = [.. statement._tables.Where(t => !statement._known.Contains(t.Name)).DistinctBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Select(t => (t.Name, statement.Character(t.Byte)))];
        statement.Body = Open(connection, text, tree.Statements[0]);
        return statement;
    }

    // A semicolon may also stand in a text or a comment: it ended the statement if the tree is the same without it.
    private static string Open(DuckDbConnection connection, string text, JsonObject tree)
    {
        int end = text.LastIndexOf(';');
        if (end < 0)
            return text;
        string open = string.Concat(text.AsSpan(0, end), " ", text.AsSpan(end + 1));
        return SyntaxTree.Parse(connection, open).Statements is [var other] && JsonNode.DeepEquals(tree, other) ? open : text;
    }

    // Names of WITH may be used anywhere in the tree; outside of its scope the engine does not find it.
    private void CollectNames(JsonNode node)
    {
        switch (node)
        {
            case JsonObject o:
                if (o["cte_map"]?["map"] is JsonArray map)
                {
                    foreach (JsonNode? entry in map)
                    {
                        string name = (string)entry!["key"]!;
                        if (name.AsSpan().ContainsAny("./\\*?"))
                            throw Refuse($"The name '{name}' in WITH looks like a feed or a file. Use another.", null);
                        _known.Add(name);
                    }
                }

                foreach ((_, JsonNode? child) in o)
                {
                    if (child is not null)
                        CollectNames(child);
                }

                break;
            case JsonArray a:
                foreach (JsonNode? child in a)
                {
                    if (child is not null)
                        CollectNames(child);
                }

                break;
        }
    }

    private void Visit(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? child in array)
                Visit(child);
        }
        else if (node is JsonObject o)
        {
            if (o["class"] is { } kind)
                CheckExpression(o, (string)kind!);
            else if (o["type"] is JsonValue type)
                CheckPart(o, (string)type!);
            foreach ((string name, JsonNode? child) in o)
            {
                // A table function is checked with its place; what it is called by is not an expression's function.
                if (name == "function" && (string?)o["type"] == "TABLE_FUNCTION")
                    Visit(child!["children"]);
                else
                    Visit(child);
            }
        }
    }

    private void CheckExpression(JsonObject node, string kind)
    {
        switch (kind)
        {
            case "TYPE" or "COLUMN_REF" or "CONSTANT" or "COMPARISON" or "CONJUNCTION" or "OPERATOR" or "BETWEEN" or "CASE" or "CAST" or "STAR" or "SUBQUERY" or "POSITIONAL_REFERENCE" or "COLLATE":
                break;
            case "FUNCTION":
                CheckFunction(node, SqlFunctions.Allowed);
                break;
            case "WINDOW":
                CheckFunction(node, SqlFunctions.Allowed);
                if ((bool?)node["distinct"] == true)
                    throw Refuse("DISTINCT inside a window is not offered, because its memory cannot be limited. Use a subquery with DISTINCT.", SyntaxTree.Location(node));
                break;
            case "PARAMETER":
                throw Refuse("Parameters are not offered. Write the value.", SyntaxTree.Location(node));
            default:
                throw Refuse($"{Words(kind)} is not offered.", SyntaxTree.Location(node));
        }
    }

    private void CheckPart(JsonObject node, string type)
    {
        switch (type)
        {
            case "SELECT_NODE" or "SET_OPERATION_NODE" or "JOIN" or "SUBQUERY" or "EMPTY" or "EXPRESSION_LIST":
            case var info when info.EndsWith("_TYPE_INFO", StringComparison.Ordinal):
            case "ORDER_MODIFIER" or "LIMIT_MODIFIER" or "LIMIT_PERCENT_MODIFIER" or "DISTINCT_MODIFIER" or "ORDER_DEFAULT" or "ASCENDING" or "DESCENDING":
                break;
            case "BASE_TABLE":
                string[] names = [.. NameParts.Select(n => (string?)node[n] ?? "").Where(n => n.Length > 0)];
                string name = string.Join('.', names);
                if (names.Length > 1)
                    throw Refuse($"A feed's id is quoted as a whole: \"{name}\".", SyntaxTree.Location(node));
                if (node["at_clause"] is not null)
                    throw Refuse("AT is not offered.", SyntaxTree.Location(node));
                _tables.Add((name, SyntaxTree.Location(node)));
                break;
            case "TABLE_FUNCTION":
                CheckFunction(node["function"]!.AsObject(), SqlFunctions.AllowedTables);
                break;
            case "RECURSIVE_CTE_NODE":
                throw Refuse("WITH RECURSIVE is not offered, because its memory cannot be limited.", null);
            default:
                throw Refuse($"{Words(type)} is not offered.", SyntaxTree.Location(node));
        }
    }

    private void CheckFunction(JsonObject node, FrozenSet<string> allowed)
    {
        string name = (string)node["function_name"]!;
        if ((string?)node["catalog"] is not (null or "") || (string?)node["schema"] is not (null or "" or "main") || !allowed.Contains(name))
            throw Refuse($"The function '{name}' is not offered{(ReferenceEquals(allowed, SqlFunctions.AllowedTables) ? " as a table; feeds are" : "")}.", SyntaxTree.Location(node));
        if (!SqlFunctions.Joining.Contains(name))
            return;
        _joined += Math.Max(1, node["children"]?.AsArray().Count ?? 1);
        if (_joined > MaxJoined)
            throw Refuse($"The statement joins more than {MaxJoined} values to larger ones ({string.Join(", ", SqlFunctions.Joining)}), whose memory cannot be limited. Select the values side by side.", SyntaxTree.Location(node));
    }

    private static string Words(string kind) => kind.Replace('_', ' ');

    private int? Character(int? at) => at is { } bytes ? Encoding.UTF8.GetCharCount(Encoding.UTF8.GetBytes(_text), 0, Math.Min(bytes, Encoding.UTF8.GetByteCount(_text))) : null;

    private SqlQueryException Refuse(string why, int? at, bool bytes = true) => new(SqlFault.Refused, why, _text, bytes ? Character(at) : at);
}
