using System.Text.Json;
using Mlops.Data;
using Mlops.Ingest.PlainJson;

namespace Mlops.Ingest.Mapping;

/// <summary>What was seen at one path: how often, of which types, and whether it may be a time.</summary>
internal sealed class SeenField(string path)
{
    private static readonly string[] TimeNames = ["timestamp", "time", "ts", "datetime", "measuredat", "createdat", "sampledat", "at", "date", "t"];
    private const long Year2000 = 946_684_800_000_000_000;
    private const long Year2100 = 4_102_444_800_000_000_000;
    private readonly HashSet<FieldType> _types = [];
    private TimestampFormat? _time;
    private bool _neverTime;

    public string Path { get; } = path;

    public int Count { get; private set; }

    /// <summary>Gets a value indicating whether values of several types were seen.</summary>
    public bool IsMixed => _types.Count > 1;

    /// <summary>Gets the type that takes all values; text when they do not go together.</summary>
    public FieldType? Type => _types.Count switch
    {
        0 => null,
        1 => _types.First(),
        _ => FieldType.Text,
    };

    /// <summary>Gets how the time is written, if every value was one between the years 2000 and 2100.</summary>
    public TimestampFormat? Time => _neverTime ? null : _time;

    /// <summary>Gets how much the name speaks for the time of the record: 0 for most; <see langword="null"/> for not at all.</summary>
    public int? TimeRank
    {
        get
        {
            string name = Path[(Path.LastIndexOf('.') + 1)..].Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
            return Array.IndexOf(TimeNames, name) is >= 0 and int rank ? rank + (Path.Contains('.', StringComparison.Ordinal) ? TimeNames.Length : 0) : null;
        }
    }

    public void See(JsonElement value)
    {
        Count++;
        if (value.ValueKind == JsonValueKind.Null)
            return;
        if (TypeOf(value) is { } type)
            _types.Add(type);
        TimestampFormat? time = TimeOf(value);
        _neverTime |= time is null || (_time is not null && _time != time);
        _time = time;
    }

    private static FieldType? TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => FieldType.Float64,
        JsonValueKind.True or JsonValueKind.False => FieldType.Boolean,
        JsonValueKind.String => IsoTime.TryParse(System.Text.Encoding.UTF8.GetBytes(value.GetString()!), out _) ? FieldType.Timestamp : FieldType.Text,
        JsonValueKind.Array => ListOf(value),
        _ => FieldType.Text,
    };

    // An empty list says nothing.
    private static FieldType? ListOf(JsonElement list)
    {
        FieldType[] elements = [.. list.EnumerateArray().Select(TypeOf).OfType<FieldType>().Distinct()];
        return elements.Length == 0 ? null : elements.Length == 1 && !elements[0].IsList() ? elements[0].ListOf() : FieldType.Text;
    }

    private static TimestampFormat? TimeOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return TypeOf(value) == FieldType.Timestamp ? TimestampFormat.Iso8601 : null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !EpochNumber.TryRead(number, out long time) || time is < Year2000 or > Year2100)
            return null;
        return EpochNumber.FormatOf(number);
    }
}
