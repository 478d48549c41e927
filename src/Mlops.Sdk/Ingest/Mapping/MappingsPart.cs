using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Hosting;

namespace Mlops.Ingest.Mapping;

/// <summary>The mappings of plain JSON in the node's configuration file: <c>{id: {topic, feed, …}}</c>.</summary>
internal sealed class MappingsPart(IMappings mappings) : INodeConfigurationPart
{
    public string Name => "mappings";

    public JsonNode Export(bool withSecrets)
    {
        var entries = new JsonObject();
        foreach (JsonMapping mapping in mappings.List())
        {
            JsonObject body = Body(mapping);
            body.Remove("id");
            entries[mapping.Id] = body;
        }

        return entries;
    }

    public IReadOnlyList<string> Check(JsonNode content)
    {
        var errors = new List<string>();
        Read(content, errors);
        return errors;
    }

    public async Task<int> ImportAsync(JsonNode content, ImportMode mode, CancellationToken cancellationToken = default)
    {
        var errors = new List<string>();
        List<JsonMapping> given = Read(content, errors);
        if (errors.Count > 0)
            throw new NodeConfigurationException(errors);
        int changed = 0;
        Dictionary<string, JsonMapping> now = mappings.List().ToDictionary(m => m.Id, StringComparer.Ordinal);
        foreach (string id in now.Keys.Where(id => mode == ImportMode.Replace && given.All(m => m.Id != id)))
            changed += await mappings.RemoveAsync(id, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        foreach (JsonMapping mapping in given)
        {
            if (!now.TryGetValue(mapping.Id, out JsonMapping? known))
                await mappings.AddAsync(mapping, cancellationToken).ConfigureAwait(false);
            else if (!JsonNode.DeepEquals(Body(known), Body(mapping)))
                await mappings.ChangeAsync(mapping, cancellationToken).ConfigureAwait(false);
            else
                continue;
            changed++;
        }

        return changed;
    }

    private static JsonObject Body(JsonMapping mapping) => JsonSerializer.SerializeToNode(mapping, MappingContext.Default.JsonMapping)!.AsObject();

    private static List<JsonMapping> Read(JsonNode content, List<string> errors)
    {
        var given = new List<JsonMapping>();
        if (content is not JsonObject all)
        {
            errors.Add("mappings: this is not a group of mappings by id. Write 'mappings: {id: {topic: plant/+, feed: plant}}'.");
            return given;
        }

        foreach ((string id, JsonNode? value) in all)
        {
            try
            {
                if (value is not JsonObject settings)
                    throw new JsonException("it is not a group of settings.");
                JsonObject body = Body(new JsonMapping { Id = id, Topic = "", Feed = "" });
                foreach ((string name, JsonNode? setting) in settings)
                    body[name] = setting?.DeepClone();
                JsonMapping mapping = body.Deserialize(MappingContext.Default.JsonMapping)!;
                given.Add(mapping);
                errors.AddRange(MappingRules.Check(mapping).Select(e => $"mappings, '{id}': {e}"));
            }
            catch (JsonException e)
            {
                errors.Add($"mappings, '{id}': {e.Message}");
            }
        }

        return given;
    }
}
