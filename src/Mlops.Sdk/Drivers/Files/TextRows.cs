using System.Globalization;
using System.Text.Json;

namespace Mlops.Drivers.Files;

/// <summary>Reads the rows of a CSV or JSON Lines file.</summary>
internal sealed class TextRows(FileDriverSettings settings, bool json, string? header)
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 32 };
    private List<string>? _columns = settings.Columns.Count > 0 ? [.. settings.Columns] : null;
    private char _delimiter = settings.Delimiter is { Length: > 0 } given ? (given == "tab" ? '\t' : given[0]) : '\0';

    /// <summary>Gets the header line, once it is known.</summary>
    public string? Header { get; private set; } = header;

    /// <summary>Reads a line.</summary>
    /// <returns>Its values; <see langword="null"/> when it is a header or empty.</returns>
    /// <exception cref="FormatException">It cannot be understood.</exception>
    public IReadOnlyList<KeyValuePair<string, object?>>? Read(string line)
    {
        if (line.AsSpan().Trim().IsEmpty)
            return null;
        if (json)
            return ReadJson(line);
        if (_columns is null && Header is null)
        {
            Header = line;
            _columns = ReadHeader(line);
            return null;
        }

        _columns ??= ReadHeader(Header!);
        if (_delimiter == '\0')
            _delimiter = CsvLine.Delimiter(line);
        List<string?> values = CsvLine.Split(line, _delimiter);
        if (values.Count != _columns.Count)
            throw new FormatException($"it has {values.Count} values for {_columns.Count} columns");
        return [.. values.Select((v, i) => new KeyValuePair<string, object?>(_columns[i], v))];
    }

    private List<string> ReadHeader(string line)
    {
        if (_delimiter == '\0')
            _delimiter = CsvLine.Delimiter(line);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var columns = new List<string>();
        foreach (string? value in CsvLine.Split(line, _delimiter))
        {
            // Columns without a name, or with that of another, are told apart by their number.
            string name = value ?? $"column{columns.Count + 1}";
            columns.Add(names.Add(name) ? name : $"{name}_{columns.Count + 1}");
            names.Add(columns[^1]);
        }

        return columns;
    }

    private static List<KeyValuePair<string, object?>> ReadJson(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is not a JSON object");
            var values = new List<KeyValuePair<string, object?>>();
            Flatten(document.RootElement, "", values);
            return values.Select(v => v.Key).Distinct(StringComparer.Ordinal).Count() == values.Count ? values : throw new FormatException("a name stands twice in it");
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not JSON: {e.Message}");
        }
    }

    // Objects give names with dots, lists names with numbers.
    private static void Flatten(JsonElement element, string path, List<KeyValuePair<string, object?>> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                    Flatten(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", values);
                break;
            case JsonValueKind.Array:
                int i = 0;
                foreach (JsonElement item in element.EnumerateArray())
                    Flatten(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i++}]"), values);
                break;
            default:
                values.Add(new KeyValuePair<string, object?>(path, element.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.String => element.GetString(),
                    JsonValueKind.Number when element.TryGetInt64(out long whole) => whole,
                    JsonValueKind.Number when element.TryGetUInt64(out ulong natural) => natural,
                    JsonValueKind.Number => element.GetDouble(),
                    _ => null,
                }));
                break;
        }
    }
}
