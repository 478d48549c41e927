using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Mlops.Hosting;

/// <summary>A part of the node's configuration file that is a group of entries by their key: <c>{key: {setting: value}}</c>.</summary>
/// <param name="name">Name of the part.</param>
/// <param name="key">Name of the property that is the key; it stands outside of the entry.</param>
/// <param name="type">How an entry is written.</param>
internal abstract class KeyedConfigurationPart<T>(string name, string key, JsonTypeInfo<T> type) : INodeConfigurationPart
    where T : class
{
    public string Name => name;

    /// <summary>Gets what to write instead of something that is no group.</summary>
    protected abstract string NoGroup { get; }

    /// <summary>Gets what helps behind the message about an entry that cannot be read.</summary>
    protected virtual string Hint => "";

    public JsonNode Export(bool withSecrets)
    {
        var entries = new JsonObject();
        foreach (T entry in List())
        {
            JsonObject body = Body(entry);
            body.Remove(key);
            entries[Key(entry)] = body;
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
        List<T> given = Read(content, errors);
        if (errors.Count > 0)
            throw new NodeConfigurationException(errors);
        int changed = 0;
        Dictionary<string, T> now = List().ToDictionary(Key, StringComparer.Ordinal);
        foreach (string other in now.Keys.Where(known => mode == ImportMode.Replace && given.All(entry => Key(entry) != known)))
            changed += await RemoveAsync(other, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        foreach (T entry in given)
        {
            bool isKnown = now.TryGetValue(Key(entry), out T? known);
            if (isKnown && JsonNode.DeepEquals(Body(known!), Body(entry)))
                continue;
            await PutAsync(entry, isKnown, cancellationToken).ConfigureAwait(false);
            changed++;
        }

        return changed;
    }

    protected abstract IReadOnlyList<T> List();

    protected abstract string Key(T entry);

    /// <summary>Makes an entry with nothing but its key, whose settings are the defaults.</summary>
    protected abstract T Blank(string key);

    /// <summary>Returns what is wrong with an entry.</summary>
    protected abstract IEnumerable<string> Check(T entry);

    protected abstract Task<bool> RemoveAsync(string key, CancellationToken cancellationToken);

    protected abstract Task PutAsync(T entry, bool isKnown, CancellationToken cancellationToken);

    private JsonObject Body(T entry) => JsonSerializer.SerializeToNode(entry, type)!.AsObject();

    private List<T> Read(JsonNode content, List<string> errors)
    {
        var entries = new List<T>();
        if (content is not JsonObject all)
        {
            errors.Add(NoGroup);
            return entries;
        }

        foreach ((string named, JsonNode? value) in all)
        {
            try
            {
                if (value is not JsonObject given)
                    throw new JsonException("it is not a group of settings.");
                JsonObject body = Body(Blank(named));
                foreach ((string setting, JsonNode? wanted) in given)
                    body[setting] = wanted?.DeepClone();
                T entry = body.Deserialize(type)!;
                entries.Add(entry);
                errors.AddRange(Check(entry).Select(e => $"{name}, '{named}': {e}"));
            }
            catch (JsonException e)
            {
                errors.Add($"{name}, '{named}': {e.Message}{Hint}");
            }
        }

        return entries;
    }
}
