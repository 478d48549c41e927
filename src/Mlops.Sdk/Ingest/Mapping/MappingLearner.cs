using System.Text.Json;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Messaging;

namespace Mlops.Ingest.Mapping;

/// <summary>Watches messages and works out the mapping that fits them. Messages may come on any thread.</summary>
internal sealed class MappingLearner(string topicFilter, int maxMessages)
{
    private const int MaxTopics = 100;
    private const int MaxPaths = 1_000;
    private const int MaxRecordsOfAMessage = 100;
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SeenField> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly HashSet<string> _lists = new(StringComparer.Ordinal);
    private int _messages;
    private int _records;
    private int _unreadable;
    private int _left;
    private int _skipped;

    /// <summary>Gets what completes when as many messages were seen as are wanted.</summary>
    public Task Enough => _enough.Task;

    public ValueTask OnMessage(in BusMessage message)
    {
        lock (_lock)
        {
            // A wide filter also brings the databus, which needs no mapping.
            if (_messages < maxMessages && !message.Topic.StartsWith(DatabusTopics.Prefix, StringComparison.Ordinal))
                See(message.Topic, message.Payload);
            if (_messages >= maxMessages)
                _enough.TrySetResult();
        }

        message.Acknowledgement.Complete();
        return ValueTask.CompletedTask;
    }

    public MappingProposal Propose()
    {
        lock (_lock)
        {
            var notes = new List<string>();
            if (_unreadable > 0)
                notes.Add($"{_unreadable} of {_messages} messages were not JSON.");
            if (_topics.Count >= MaxTopics)
                notes.Add($"Only the first {MaxTopics} topics were looked at for what differs between them.");
            if (_left > 0)
                notes.Add($"{_left} values of further fields were left out, because {MaxPaths} fields are there already. Map narrower topics, or name the fields.");
            if (_skipped > 0)
                notes.Add($"{_skipped} records were not looked at, being behind the first {MaxRecordsOfAMessage} of their message.");
            string records = _lists.Count == 1 ? _lists.First() : "";
            if (_lists.Count > 1)
                notes.Add($"The records stand at different places: {string.Join(", ", _lists.Select(l => l.Length == 0 ? "the message itself" : $"'{l}'"))}. Map narrower topics.");
            return new MappingProposal(_records == 0 ? null : Mapping(records, notes), _messages, _records, [.. _topics], notes);
        }
    }

    private void See(string topic, ReadOnlySpan<byte> payload)
    {
        _messages++;
        if (_topics.Count < MaxTopics)
            _topics.Add(topic);
        try
        {
            var reader = new Utf8JsonReader(payload);
            using var document = JsonDocument.ParseValue(ref reader);
            (string list, IEnumerable<JsonElement> records) = RecordsOf(document.RootElement);
            foreach ((int index, JsonElement record) in records.Index())
            {
                if (index >= MaxRecordsOfAMessage)
                {
                    _skipped++;
                    continue;
                }

                _lists.Add(list);
                _records++;
                SeeRecord(record, "");
            }
        }
        catch (JsonException)
        {
            _unreadable++;
        }
    }

    // A list of objects; or an object whose only list of objects holds the records; or the message itself.
    private static (string List, IEnumerable<JsonElement> Records) RecordsOf(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return ("", root.EnumerateArray());
        if (root.ValueKind == JsonValueKind.Object)
        {
            JsonProperty[] lists = [.. root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array && p.Value.GetArrayLength() > 0 && p.Value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object))];
            if (lists.Length == 1)
                return (lists[0].Name, lists[0].Value.EnumerateArray());
        }

        return ("", [root]);
    }

    private void SeeRecord(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in value.EnumerateObject())
                SeeRecord(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}");
            return;
        }

        path = path.Length == 0 ? "value" : path;
        if (!_fields.TryGetValue(path, out SeenField? field))
        {
            if (_fields.Count >= MaxPaths)
            {
                _left++;
                return;
            }

            _fields.Add(path, field = new SeenField(path));
            _order.Add(path);
        }

        field.See(value);
    }

    private JsonMapping Mapping(string records, List<string> notes)
    {
        SeenField? time = _fields.Values.Where(f => f.Time is not null && f.TimeRank is not null).OrderByDescending(f => f.Count).ThenBy(f => f.TimeRank).FirstOrDefault();
        if (time is null)
            notes.Add("No field was recognised as the time of a record; records get the time of their arrival.");
        var fields = new List<JsonMappingField>();
        foreach (SeenField field in _order.Select(p => _fields[p]).Where(f => f != time))
        {
            if (field.Type is not { } type)
            {
                notes.Add($"'{field.Path}' never had a value and is left out.");
                continue;
            }

            if (field.IsMixed)
                notes.Add($"'{field.Path}' has values of several types and is taken as text.");
            if (field.Count < _records)
                notes.Add($"'{field.Path}' is in {field.Count} of {_records} records.");
            bool isNumber = type.Element() == FieldType.Float64;
            fields.Add(new JsonMappingField(field.Path, field.Path) { Type = type, Unit = isNumber ? UnitNames.Guess(field.Path) : null });
        }

        return new JsonMapping
        {
            Topic = topicFilter,
            Feed = FeedOf(topicFilter),
            Records = records,
            TimestampField = time?.Path ?? "",
            TimestampFormat = time?.Time ?? TimestampFormat.Arrival,
            Fields = fields,
            TopicFields = TopicFields(),
        };
    }

    // What the filter leaves open and differs between the topics tells the records apart.
    private Dictionary<string, int> TopicFields()
    {
        string[] filter = topicFilter.Split('/');
        string[][] topics = [.. _topics.Select(t => t.Split('/'))];
        var fields = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < topics.Min(t => t.Length); i++)
        {
            bool isOpen = i >= filter.Length - 1 ? filter[^1] is "#" or "+" : filter[i] == "+";
            if (isOpen && topics.Select(t => t[i]).Distinct(StringComparer.Ordinal).Skip(1).Any())
                fields[Free($"topic{i + 1}")] = i + 1;
        }

        return fields;
    }

    private string Free(string name) => _fields.ContainsKey(name) ? Free("_" + name) : name;

    private static string FeedOf(string filter)
    {
        string feed = string.Join('.', filter.Split('/').Where(s => s.Length > 0 && s is not ("+" or "#")));
        return FeedId.Normalize(feed.Length == 0 ? "json" : feed);
    }
}
