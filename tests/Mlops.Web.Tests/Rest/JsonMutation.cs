using System.Text;
using System.Text.Json.Nodes;

namespace Mlops.Web.Tests.Rest;

/// <summary>Makes odd JSON of sound JSON, the same for the same seed.</summary>
internal sealed class JsonMutation(int seed)
{
    private static readonly string[] Odd =
    [
        "null", "[]", "{}", "0", "-1", "1e308", "-9223372036854775808", "18446744073709551616", "1e999", "true", "\"\"", "\"NaN\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"../../x\"", "\"'; DROP TABLE feed; --\"", "\"<script>\"", "[null]", "{\"\":null}", "[[[[]]]]", "{\"$protected\":\"x\"}", "\"99999999d\"", "0.1",
    ];

    private readonly Random _random = new(seed);

    public string Next(string sound)
    {
        switch (_random.Next(4))
        {
            case 0:
                return Odd[_random.Next(Odd.Length)];
            case 1:
                // Bytes lost or changed.
                var text = new StringBuilder(sound);
                for (int i = 0; i < 3 && text.Length > 0; i++)
                    text[_random.Next(text.Length)] = (char)_random.Next(32, 127);
                return text.ToString();
            case 2:
                return new string('[', _random.Next(1, 200)) + sound;
            default:
                JsonNode root = JsonNode.Parse(sound)!;
                Change(root);
                return root.ToJsonString();
        }
    }

    private void Change(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members when members.Count > 0:
                string key = members.ElementAt(_random.Next(members.Count)).Key;
                if (members[key] is JsonObject or JsonArray && _random.Next(3) > 0)
                    Change(members[key]!);
                else if (_random.Next(4) == 0)
                    members.Remove(key);
                else
                    members[key] = Value();
                break;
            case JsonArray items when items.Count > 0:
                int index = _random.Next(items.Count);
                if (items[index] is JsonObject or JsonArray && _random.Next(3) > 0)
                    Change(items[index]!);
                else
                    items[index] = Value();
                break;
        }
    }

    private JsonNode? Value()
    {
        string odd = Odd[_random.Next(Odd.Length)];
        return odd is "\"\\ud800\"" or "1e999" ? JsonValue.Create("odd") : JsonNode.Parse(odd);
    }
}
