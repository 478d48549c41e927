using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.DuckDb;

namespace Mlops.Store.Queries;

/// <summary>What the engine's own parser makes of a text: the trees of its statements, or why there are none.</summary>
/// <param name="Statements">The tree of each statement; empty when the text cannot be parsed or holds anything else than SELECT.</param>
/// <param name="Error">Why there is no tree.</param>
/// <param name="Byte">Where in the text's UTF-8 bytes the error is, if the parser says so.</param>
internal sealed record SyntaxTree(IReadOnlyList<JsonObject> Statements, string? Error, int? Byte)
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 512 };

    public static SyntaxTree Parse(DuckDbConnection connection, string sql)
    {
        using DuckDbStatement serialize = connection.Prepare("SELECT CAST(json_serialize_sql(CAST(? AS VARCHAR)) AS VARCHAR)");
        serialize.Bind(1, sql);
        using DuckDbResult result = serialize.Query();
        JsonNode tree;
        try
        {
            tree = JsonNode.Parse(result.NextChunk()![0].GetString(0)!, documentOptions: Depth)!;
        }
        catch (JsonException)
        {
            return new SyntaxTree([], "its brackets are nested too deeply", null);
        }

        if (!(bool)tree["error"]!)
            return new SyntaxTree([.. tree["statements"]!.AsArray().Select(s => s!.AsObject())], null, null);
        return new SyntaxTree([], (string?)tree["error_message"] ?? "it cannot be parsed", int.TryParse((string?)tree["position"], out int at) ? at : null);
    }

    /// <summary>Returns where in the text's UTF-8 bytes a node stands, where the parser knows.</summary>
    public static int? Location(JsonNode node) => node["query_location"] is JsonValue value && value.TryGetValue(out ulong at) && at < int.MaxValue ? (int)at : null;
}
