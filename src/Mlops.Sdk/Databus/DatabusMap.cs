using System.Text;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>Which column each id of a collection means, at one hash version of its metadata.</summary>
internal sealed class DatabusMap
{
    private readonly IReadOnlyList<AnnouncedDataPoint> _definitions;
    private readonly byte[][] _ids;
    private readonly byte[][] _names;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _index;
    private DatabusBinding[] _bindings = [];
    private FeedSchema? _schema;

    public DatabusMap(long? hash, IReadOnlyList<AnnouncedDataPoint> definitions, bool isLong = false)
    {
        Hash = hash;
        IsLong = isLong;
        _definitions = definitions;
        _names = [.. definitions.Select(d => Encoding.UTF8.GetBytes(d.Name))];
        _ids = [.. definitions.Select(d => Encoding.UTF8.GetBytes(d.Id))];
        var index = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        for (int i = 0; i < _ids.Length; i++)
            index.TryAdd(_ids[i], i);
        _index = index.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Gets the version; <see langword="null"/> when the app sends none, which means every version.</summary>
    public long? Hash { get; }

    /// <summary>Gets a value indicating whether each value is a record of its own.</summary>
    public bool IsLong { get; }

    /// <summary>Gets the column that names the data point in a long feed.</summary>
    public int PointColumn { get; private set; } = -1;

    /// <summary>Gets the column for qualities of single values; -1 while the feed has none.</summary>
    public int QualitiesColumn { get; private set; } = -1;

    /// <summary>Gets a value indicating whether every data point has its column.</summary>
    public bool IsComplete => _bindings.All(b => b.Column >= 0);

    public DatabusBinding this[int definition] => _bindings[definition];

    /// <summary>Returns the UTF-8 bytes of a data point's name.</summary>
    public ReadOnlySpan<byte> NameOf(int definition) => _names[definition];

    /// <summary>Looks the columns up again when the feed's schema has changed.</summary>
    public void Bind(FeedSchema schema)
    {
        if (!ReferenceEquals(_schema, schema))
            Rebind(schema);
    }

    /// <summary>Finds a definition by its id. Values usually come in the order of the definitions, so the next one is tried first.</summary>
    /// <returns>The definition's index, or -1.</returns>
    public int Find(ReadOnlySpan<byte> id, ref int next)
    {
        if (next >= _ids.Length || !id.SequenceEqual(_ids[next]))
        {
            if (!_index.TryGetValue(id, out int found))
                return -1;
            next = found;
        }

        return next++;
    }

    // Apart from Bind, which is called for every message and must not pay for the closure.
    private void Rebind(FeedSchema schema)
    {
        _bindings = [.. _definitions.Select(d =>
        {
            int column = IsLong ? schema.IndexOf(LongFeed.FieldOf(DatabusTypes.FieldTypeOf(d.DataType, d.IsArray))) : ColumnOf(d, schema);
            return new DatabusBinding(column, column < 0 ? default : schema.Fields[column].Type, DatabusTypes.KindOf(d.DataType));
        })];
        PointColumn = schema.IndexOf(LongFeed.Point);
        QualitiesColumn = ValueQualities.ColumnOf(schema);
        _schema = schema;
    }

    // A name that the feed has no more was changed by newer metadata; the data point is still itself.
    private static int ColumnOf(AnnouncedDataPoint point, FeedSchema schema)
    {
        int column = schema.IndexOf(point.Name);
        for (int i = 0; column < 0 && i < schema.Fields.Count; i++)
        {
            if (schema.Fields[i].Id == point.Id)
                column = i;
        }

        return column;
    }
}
