using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Hosting;

namespace Mlops.Ingest.Assembly;

/// <summary>How rows are assembled, in the node's configuration file: <c>{feed: {mode, maxAge, period, shape}}</c>.</summary>
internal sealed class AssemblyPart(IAssemblies assemblies) : INodeConfigurationPart
{
    public string Name => "assembly";

    public JsonNode Export(bool withSecrets)
    {
        var entries = new JsonObject();
        foreach (FeedAssembly entry in assemblies.List())
        {
            JsonObject body = Body(entry);
            body.Remove("feed");
            entries[entry.Feed] = body;
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
        List<FeedAssembly> entries = Read(content, errors);
        if (errors.Count > 0)
            throw new NodeConfigurationException(errors);
        int changed = 0;
        IReadOnlyList<FeedAssembly> now = assemblies.List();
        foreach (FeedAssembly other in now.Where(e => mode == ImportMode.Replace && entries.All(n => n.Feed != e.Feed)))
            changed += await assemblies.RemoveAsync(other.Feed, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        foreach (FeedAssembly entry in entries.Where(e => !now.Contains(e)))
        {
            await assemblies.PutAsync(entry, cancellationToken).ConfigureAwait(false);
            changed++;
        }

        return changed;
    }

    private static JsonObject Body(FeedAssembly entry) => JsonSerializer.SerializeToNode(entry, AssemblyContext.Default.FeedAssembly)!.AsObject();

    private static List<FeedAssembly> Read(JsonNode content, List<string> errors)
    {
        var entries = new List<FeedAssembly>();
        if (content is not JsonObject all)
        {
            errors.Add("assembly: this is not a group of entries by feed. Write 'assembly: {feed: {mode: latest, maxAge: \"00:00:10\"}}'.");
            return entries;
        }

        foreach ((string feed, JsonNode? value) in all)
        {
            try
            {
                if (value is not JsonObject given)
                    throw new JsonException("it is not a group of settings.");
                JsonObject body = Body(new FeedAssembly { Feed = feed });
                foreach ((string name, JsonNode? setting) in given)
                    body[name] = setting?.DeepClone();
                FeedAssembly entry = body.Deserialize(AssemblyContext.Default.FeedAssembly)!;
                entries.Add(entry);
                errors.AddRange(AssemblyRules.Check(entry).Select(e => $"assembly, '{feed}': {e}"));
            }
            catch (JsonException e)
            {
                errors.Add($"assembly, '{feed}': {e.Message} Known: mode, maxAge, period, shape.");
            }
        }

        return entries;
    }
}
