using System.Text;
using Mlops.Data;
using Mlops.Ingest.Mapping;

namespace Mlops.Ingest.PlainJson;

/// <summary>What is known about one topic of a mapping. Belongs to whoever holds the gate of the pipeline.</summary>
internal sealed class PlainJsonRoute
{
    /// <summary>Stands for a path whose values are not taken.</summary>
    public const int Ignored = -1;

    private readonly Dictionary<byte[], JsonMappingField>? _chosen;
    private readonly HashSet<byte[]> _lists = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], int> _columns = new(Utf8Comparer.Instance);
    private readonly int[] _topicColumns;
    private FeedSchema? _schema;

    public PlainJsonRoute(JsonMapping mapping, string topic, string feed)
    {
        Mapping = mapping.Id;
        Feed = feed;
        TimestampFormat = mapping.TimestampFormat;
        TimestampPath = Encoding.UTF8.GetBytes(JsonPath.Normalize(mapping.TimestampField));
        Records = [.. JsonPath.Normalize(mapping.Records).Split('.', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
        string[] segments = topic.Split('/');
        TopicFields = [.. mapping.TopicFields.Where(t => t.Value <= segments.Length).Select(t => (new FeedField(t.Key, FieldType.Text), Encoding.UTF8.GetBytes(segments[t.Value - 1])))];
        _topicColumns = new int[TopicFields.Count];
        foreach (string path in JsonPath.Lists(JsonPath.Normalize(mapping.TimestampField)))
            _lists.Add(Encoding.UTF8.GetBytes(path));
        if (mapping.Fields.Count == 0)
            return;
        _chosen = new Dictionary<byte[], JsonMappingField>(Utf8Comparer.Instance);
        foreach (JsonMappingField field in mapping.Fields)
        {
            string path = JsonPath.Normalize(field.Path);
            _chosen.Add(Encoding.UTF8.GetBytes(path), field);
            foreach (string list in JsonPath.Lists(path))
                _lists.Add(Encoding.UTF8.GetBytes(list));
        }
    }

    /// <summary>Gets the id of the mapping.</summary>
    public string Mapping { get; }

    public string Feed { get; }

    public byte[] TimestampPath { get; }

    public TimestampFormat TimestampFormat { get; }

    /// <summary>Gets the names on the way to the list of records.</summary>
    public IReadOnlyList<byte[]> Records { get; }

    /// <summary>Gets the fields that segments of the topic fill, and with what.</summary>
    public IReadOnlyList<(FeedField Field, byte[] Value)> TopicFields { get; }

    /// <summary>Gets or sets the inlet; <see langword="null"/> until the first message told the fields.</summary>
    public FeedInlet? Inlet { get; set; }

    /// <summary>Tells whether values are taken out of the list at a path, one by one.</summary>
    public bool LooksInto(ReadOnlySpan<byte> path) => _lists.Count > 0 && _lists.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(path);

    /// <summary>Finds the column of a path.</summary>
    /// <returns>False when the feed has no field for it yet.</returns>
    public bool TryFind(ReadOnlySpan<byte> path, out int column)
    {
        column = Ignored;
        if (Inlet is not null)
        {
            Bind(Inlet.Schema);
            if (_columns.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(path, out column))
                return true;
            column = Ignored;
        }

        return _chosen is not null && !_chosen.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(path);
    }

    /// <summary>Returns the field for a path that <see cref="TryFind"/> does not know.</summary>
    /// <param name="path">The path.</param>
    /// <param name="type">The type of its first value.</param>
    public FeedField FieldOf(ReadOnlySpan<byte> path, FieldType type) =>
        _chosen is not null && _chosen.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(path, out JsonMappingField? field)
            ? new FeedField(field.Field, field.Type ?? type) { Unit = field.Unit }
            : new FeedField(Encoding.UTF8.GetString(path), type);

    /// <summary>Fills the fields that come from the topic into the row that was begun.</summary>
    public void FillTopicFields(RecordBatchBuilder rows)
    {
        Bind(rows.Schema);
        for (int i = 0; i < _topicColumns.Length; i++)
        {
            if (_topicColumns[i] >= 0)
                rows.SetText(_topicColumns[i], TopicFields[i].Value);
        }
    }

    private void Bind(FeedSchema schema)
    {
        if (ReferenceEquals(_schema, schema))
            return;
        _columns.Clear();
        if (_chosen is null)
        {
            for (int i = 0; i < schema.Fields.Count; i++)
                _columns.Add(Encoding.UTF8.GetBytes(schema.Fields[i].Name), i);
        }
        else
        {
            foreach ((byte[] path, JsonMappingField field) in _chosen)
            {
                int column = schema.IndexOf(field.Field);
                if (column >= 0)
                    _columns.Add(path, column);
            }
        }

        for (int i = 0; i < _topicColumns.Length; i++)
            _topicColumns[i] = schema.IndexOf(TopicFields[i].Field.Name) is >= 0 and int column && schema.Fields[column].Type == FieldType.Text ? column : Ignored;
        _schema = schema;
    }
}
