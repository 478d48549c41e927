using System.Text;
using System.Text.Json.Nodes;
using Mlops.DuckDb;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>
/// Lets a filter through only if it is one pure expression over the feed's fields: the engine's own parser takes it apart, every
/// node of the tree must be known, and preparing it against an empty table of the feed's columns must succeed.
/// </summary>
internal sealed class FilterExpression
{
    private const string Prefix = "SELECT 1 FROM records WHERE (";
    private const int MaxLength = 10_000;
    private readonly FeedRevision _revision;
    private readonly string _filter;
    private readonly HashSet<string> _columns;

    private FilterExpression(FeedRevision revision, string filter)
    {
        _revision = revision;
        _filter = filter;
        _columns = new HashSet<string>(ColumnNames.System.Concat(revision.Columns), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Checks a filter.</summary>
    /// <returns>The filter as a condition in brackets.</returns>
    /// <exception cref="ArgumentException">It is anything else than a pure expression that fits the fields: which filter, where, why, and what helps.</exception>
    public static string Check(DuckDbConnection connection, FeedRevision revision, string filter)
    {
        var expression = new FilterExpression(revision, filter);
        if (filter.Length > MaxLength)
            throw expression.Refuse($"it has {filter.Length} characters, at most {MaxLength} are read", null, "Shorten it.");
        expression.CheckTree(connection);
        expression.CheckTypes(connection);
        return Condition(filter);
    }

    // The line break ends a comment that the filter may end with.
    private static string Condition(string filter) => $"({filter}\n)";

    private void CheckTree(DuckDbConnection connection)
    {
        JsonObject statement = Statement(connection, _filter);
        JsonObject reference = Statement(connection, "true");
        CheckNode((statement["node"] as JsonObject)?["where_clause"]);

        // Whatever is not in the condition must be as it is around the simplest of all conditions.
        foreach (JsonObject tree in new[] { statement, reference })
            (tree["node"] as JsonObject)?.Remove("where_clause");
        if (!JsonNode.DeepEquals(statement, reference))
            throw Refuse("it is more than one expression", null, "Write only a condition, without SELECT, GROUP BY, LIMIT and the like.");
    }

    private JsonObject Statement(DuckDbConnection connection, string filter)
    {
        SyntaxTree tree = SyntaxTree.Parse(connection, $"{Prefix}{Condition(filter)[1..]}");
        if (tree.Error is { } error)
            throw Refuse(error, tree.Byte, "Mend the expression; text is quoted with ' and names with \".");
        return tree.Statements.Count == 1 ? tree.Statements[0] : throw Refuse("it holds several statements", null, "Write only a condition.");
    }

    private void CheckNode(JsonNode? node)
    {
        if (node is null)
            return;
        string kind = (string)node["class"]!;
        switch (kind)
        {
            case "CONSTANT":
                break;
            case "COLUMN_REF":
                CheckColumn(node);
                break;
            case "COMPARISON":
                CheckAll(node, "left", "right");
                break;
            case "BETWEEN":
                CheckAll(node, "input", "lower", "upper");
                break;
            case "CAST":
                CheckAll(node, "child");
                break;
            case "CONJUNCTION":
                CheckChildren(node);
                break;
            case "OPERATOR" when FilterFunctions.AllowedOperators.Contains((string)node["type"]!):
                CheckChildren(node);
                break;
            case "CASE":
                foreach (JsonNode? check in node["case_checks"]!.AsArray())
                    CheckAll(check!, "when_expr", "then_expr");
                CheckAll(node, "else_expr");
                break;
            case "FUNCTION":
                CheckFunction(node);
                break;
            default:
                throw Refuse($"{kind.ToLowerInvariant().Replace('_', ' ')} is not allowed in it", SyntaxTree.Location(node), "Use fields, constants, operators, CASE, CAST and functions of single values.");
        }
    }

    private void CheckAll(JsonNode node, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
            CheckNode(node[part]);
    }

    private void CheckChildren(JsonNode node)
    {
        foreach (JsonNode? child in node["children"]!.AsArray())
            CheckNode(child);
    }

    private void CheckColumn(JsonNode node)
    {
        string name = string.Join('.', node["column_names"]!.AsArray().Select(n => (string)n!));
        if (!_columns.Contains(name))
            throw Refuse($"feed '{_revision.Schema.Feed}' has no field '{name}'", SyntaxTree.Location(node), $"Its fields: {string.Join(", ", _revision.Columns)}. Text is quoted with ', names with \".");
    }

    private void CheckFunction(JsonNode node)
    {
        string name = (string)node["function_name"]!;
        bool plain = node["filter"] is null && !(bool)node["distinct"]! && node["order_bys"]!["orders"]!.AsArray().Count == 0
            && (string)node["catalog"]! == "" && (string)node["schema"]! is "" or "main";
        if (!plain || !FilterFunctions.Allowed.Contains(name))
            throw Refuse($"the function '{name}' is not allowed in it", SyntaxTree.Location(node), $"Allowed are: {string.Join(", ", FilterFunctions.Named)}.");
        CheckChildren(node);
    }

    private void CheckTypes(DuckDbConnection connection)
    {
        string columns = string.Join(", ", _revision.Schema.Fields.Zip(_revision.Columns, (f, column) => $"CAST(NULL AS {Sql.TypeOf(f.Type)}) AS {Sql.Identifier(column)}"));
        string before = $"SELECT 1 FROM (SELECT 0::BIGINT AS _position, {Sql.Instant(0)} AS _timestamp, {Sql.Instant(0)} AS _received, 0::UTINYINT AS _quality, 0::BIGINT AS _seq, 0::BIGINT AS _rseq{(columns.Length == 0 ? "" : ", ")}{columns}) WHERE ";
        try
        {
            connection.Prepare($"{before}{Condition(_filter)}").Dispose();
        }
        catch (DuckDbException e)
        {
            int? position = e.Position is { } at && at > before.Length ? at - before.Length - 1 : null;
            throw Refuse(Reason(e), position is null ? null : Prefix.Length + Encoding.UTF8.GetByteCount(_filter.AsSpan(0, Math.Min(position.Value, _filter.Length))), "Make the types fit, for example with CAST or TRY_CAST.");
        }
    }

    /// <summary>Returns the engine's reason without the statement that we built around the filter.</summary>
    public static string Reason(DuckDbException e)
    {
        string text = e.Message;
        int start = text.IndexOf(" error: ", StringComparison.Ordinal);
        text = start < 0 ? text : text[(start + 8)..];
        int end = new[] { text.IndexOf(" At line ", StringComparison.Ordinal), text.IndexOf(" In: ", StringComparison.Ordinal) }.Where(i => i >= 0).DefaultIfEmpty(text.Length).Min();
        return text[..end].TrimEnd('.', ' ', '\n');
    }

    private ArgumentException Refuse(string why, int? statementByte, string remedy)
    {
        string where = "";
        if (statementByte is { } at && at >= Prefix.Length)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(_filter);
            where = $" at character {Encoding.UTF8.GetCharCount(utf8, 0, Math.Min(at - Prefix.Length, utf8.Length)) + 1}";
        }

        string shown = _filter.Length <= 200 ? _filter : $"{_filter.AsSpan(0, 200)}…";
        return new ArgumentException($"Filter \"{shown}\" is refused{where}: {why}. {remedy}");
    }
}
