using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Mlops.Workflows;

namespace Mlops.Hosting;

/// <inheritdoc/>
internal sealed class NodeConfiguration(IEnumerable<INodeConfigurationPart> parts, IOptions<MlopsOptions> options) : INodeConfiguration
{
    private const string Version = "mlopsConfiguration";
    private const string Node = "node";
    private const int MaxLength = 16 << 20;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<INodeConfigurationPart> _parts = [.. parts];

    public string Export(ConfigurationFormat format, bool withSecrets = false)
    {
        var file = new JsonObject { [Version] = 1, [Node] = options.Value.Node.Name };
        foreach (INodeConfigurationPart part in _parts)
            file[part.Name] = part.Export(withSecrets);
        return format == ConfigurationFormat.Json ? file.ToJsonString(Indented) + "\n" : YamlJson.Write(file);
    }

    public async Task<IReadOnlyDictionary<string, int>> ImportAsync(string text, ImportMode mode = ImportMode.Merge, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        JsonObject file = Read(text);
        List<(INodeConfigurationPart Part, JsonNode Content)> given = Check(file);
        var changed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((INodeConfigurationPart part, JsonNode content) in given)
            changed[part.Name] = await part.ImportAsync(content, mode, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    private List<(INodeConfigurationPart Part, JsonNode Content)> Check(JsonObject file)
    {
        var errors = new List<string>();
        if (file[Version] is not JsonValue version || !version.TryGetValue(out int number) || number != 1)
            errors.Add($"'{Version}' is {file[Version]?.ToJsonString() ?? "missing"}. This node reads '{Version}: 1'; export the file with a version of the host that writes it.");
        var given = new List<(INodeConfigurationPart, JsonNode)>();
        foreach ((string name, JsonNode? content) in file.Where(e => e.Key is not (Version or Node)))
        {
            if (_parts.Find(p => p.Name == name) is not { } part)
                errors.Add($"The part '{name}' is not known.{NearestName.Hint(name, _parts.Select(p => p.Name))} Known: {string.Join(", ", _parts.Select(p => p.Name))}.");
            else if (content is not null)
                given.Add((part, content));
        }

        foreach ((INodeConfigurationPart part, JsonNode content) in given)
            errors.AddRange(part.Check(content));
        return errors.Count == 0 ? given.OrderBy(g => _parts.IndexOf(g.Item1)).ToList() : throw new NodeConfigurationException(errors);
    }

    private static JsonObject Read(string text)
    {
        if (text.Length > MaxLength)
            throw new NodeConfigurationException([$"The file has {text.Length} characters, more than {MaxLength}. Import it in several files."]);
        try
        {
            JsonNode? root = text.AsSpan().TrimStart().StartsWith("{")
                ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false })
                : YamlJson.Read(text);
            return root as JsonObject ?? throw new NodeConfigurationException(["The file is not a group of parts. It begins with 'mlopsConfiguration: 1'."]);
        }
        catch (JsonException e)
        {
            throw new NodeConfigurationException([$"The file is not JSON: {e.Message}"]);
        }
    }
}
