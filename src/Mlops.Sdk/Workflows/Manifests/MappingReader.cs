namespace Mlops.Workflows.Manifests;

/// <summary>Takes known keys from a mapping; what is unknown or given twice becomes a finding at once.</summary>
internal sealed class MappingReader
{
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly string _place;
    private readonly FindingList _findings;

    /// <param name="mapping">The mapping.</param>
    /// <param name="place">Where it is, for messages: <c>an input</c>, or empty for the top.</param>
    /// <param name="known">The keys it may have.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public MappingReader(YamlMapping mapping, string place, IReadOnlyList<string> known, FindingList findings)
    {
        Line = mapping.Line;
        _place = place.Length == 0 ? "The manifest" : place;
        _findings = findings;
        foreach ((YamlScalar key, YamlNode value) in mapping.Entries)
        {
            if (!known.Contains(key.Text))
                findings.Add(key.Line, "unknown-key", $"{_place} has no key {FindingList.Quote(key.Text)}.", $"{NearestName.Hint(key.Text, known).TrimStart()} Known: {string.Join(", ", known)}.".TrimStart());
            else if (!_values.TryAdd(key.Text, value))
                findings.Add(key.Line, "duplicate-key", $"The key '{key.Text}' is given twice.", "Keep one of them.");
        }
    }

    public int Line { get; }

    /// <summary>Returns a value; <see langword="null"/> when the key is missing or has no value.</summary>
    public YamlNode? Find(string key) => _values.TryGetValue(key, out YamlNode? node) && node is not YamlScalar { IsNull: true } ? node : null;

    /// <summary>Returns a value even when it is YAML's null.</summary>
    public YamlNode? FindRaw(string key) => _values.GetValueOrDefault(key);

    /// <summary>Returns a value that must be there.</summary>
    public YamlNode? Require(string key, string remedy)
    {
        YamlNode? node = Find(key);
        if (node is null)
            _findings.Add(FindRaw(key)?.Line ?? Line, "required-key", $"{_place} lacks '{key}'.", remedy);
        return node;
    }

    /// <summary>Returns a text value; any scalar counts, so a name such as <c>7</c> needs no quotes.</summary>
    public YamlScalar? Text(string key, YamlNode? node, string remedy)
    {
        if (node is null or YamlScalar)
            return node as YamlScalar;
        _findings.Add(node.Line, "wrong-type", $"'{key}' is {node.What} where a text is expected.", remedy);
        return null;
    }
}
