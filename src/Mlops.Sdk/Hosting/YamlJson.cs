using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mlops.Workflows;
using Mlops.Workflows.Manifests;

namespace Mlops.Hosting;

/// <summary>Reads YAML as JSON values and writes JSON values as YAML, so that a configuration has one model and two spellings.</summary>
internal static partial class YamlJson
{
    /// <exception cref="NodeConfigurationException">The text is not YAML, or a key stands twice; the message names the line.</exception>
    public static JsonNode? Read(string text)
    {
        var findings = new FindingList("configuration");
        YamlNode? root = YamlTree.Read(text, findings);
        return root is null
            ? throw new NodeConfigurationException([.. findings.All.Select(f => f.ToString())])
            : Read(root);
    }

    public static string Write(JsonObject root)
    {
        var text = new StringBuilder();
        WriteMembers(text, root, 0);
        return text.ToString();
    }

    private static JsonNode? Read(YamlNode node)
    {
        switch (node)
        {
            case YamlScalar scalar:
                return Scalar(scalar);
            case YamlSequence sequence:
                return new JsonArray([.. sequence.Items.Select(Read)]);
            default:
                var members = new JsonObject();
                foreach ((YamlScalar key, YamlNode value) in ((YamlMapping)node).Entries)
                {
                    if (!members.TryAdd(key.Text, Read(value)))
                        throw new NodeConfigurationException([$"configuration:{key.Line}: '{key.Text}' stands twice. Keep one of them."]);
                }

                return members;
        }
    }

    private static JsonNode? Scalar(YamlScalar scalar)
    {
        if (scalar.IsNull)
            return null;
        if (scalar.Quoted)
            return scalar.Text;
        return scalar.Text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when Number().IsMatch(scalar.Text) => JsonNode.Parse(scalar.Text),
            _ => scalar.Text,
        };
    }

    private static void WriteMembers(StringBuilder text, JsonObject members, int depth)
    {
        foreach ((string key, JsonNode? value) in members)
        {
            text.Append(' ', depth * 2).Append(Quote(key)).Append(':');
            WriteValue(text, value, depth);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                text.Append('\n');
                WriteMembers(text, members, depth + 1);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                foreach (JsonNode? item in items)
                {
                    text.Append(' ', (depth + 1) * 2).Append('-');
                    WriteValue(text, item, depth + 1);
                }

                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            case JsonArray:
                text.Append(" []\n");
                break;
            case JsonValue scalar when scalar.TryGetValue(out string? s):
                text.Append(' ').Append(Quote(s)).Append('\n');
                break;
            default:
                text.Append(' ').Append(value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    // Plain where no reader can take it for anything but this text; else quoted, with the escapes that YAML and JSON share.
    private static string Quote(string text)
    {
        if (Plain().IsMatch(text) && !Ambiguous().IsMatch(text))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Za-z/_][A-Za-z0-9/_.-]*( [A-Za-z0-9/_.-]+)*$")]
    private static partial Regex Plain();

    [GeneratedRegex("^(null|true|false|yes|no|on|off|y|n)$", RegexOptions.IgnoreCase)]
    private static partial Regex Ambiguous();
}
