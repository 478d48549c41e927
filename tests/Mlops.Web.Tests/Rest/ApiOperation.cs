using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mlops.Web.Tests.Rest;

/// <summary>An operation as the API document tells it to those who know nothing else.</summary>
internal sealed partial record ApiOperation(string Id, string Method, string Path, JsonObject Json)
{
    public string Roles => Json["x-roles"]!.GetValue<string>();

    public bool IsOpen => Roles == "anybody";

    public IReadOnlyList<string> BodyTypes => [.. (Json["requestBody"]?["content"] as JsonObject ?? []).Select(c => c.Key)];

    public bool BodyIsRequired => Json["requestBody"]?["required"]?.GetValue<bool>() == true;

    public IReadOnlySet<int> Statuses => ((JsonObject)Json["responses"]!).Select(r => int.Parse(r.Key, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();

    public bool HasPathParameters => Path.Contains('{', StringComparison.Ordinal);

    /// <summary>Returns the path with a name for each of its parameters.</summary>
    public string At(string name) => Parameter().Replace(Path, name);

    public bool Matches(string method, string path) => method == Method && Regex.IsMatch(path, "^" + Parameter().Replace(Path, "[^/]+") + "$");

    public static IReadOnlyList<ApiOperation> Read(string document) =>
    [
        .. ((JsonObject)JsonNode.Parse(document)!["paths"]!).SelectMany(p => ((JsonObject)p.Value!).Select(o =>
            new ApiOperation(o.Value!["operationId"]!.GetValue<string>(), o.Key.ToUpperInvariant(), p.Key, (JsonObject)o.Value!))),
    ];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
