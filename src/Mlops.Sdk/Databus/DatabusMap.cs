using System.Text;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>Which column each id of a collection means, at one hash version of its metadata.</summary>
internal sealed class DatabusMap
{
    private readonly IReadOnlyList<AnnouncedDataPoint> _definitions;
    private readonly byte[][] _ids;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _index;
    private DatabusBinding[] _bindings = [];
    private FeedSchema? _schema;

    public DatabusMap(long? hash, IReadOnlyList<AnnouncedDataPoint> definitions)
    {
        Hash = hash;
        _definitions = definitions;
        _ids = [.. definitions.Select(d => Encoding.UTF8.GetBytes(d.Id))];
        var index = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        for (int i = 0; i < _ids.Length; i++)
            index.TryAdd(_ids[i], i);
        _index = index.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Gets the version; <see langword="null"/> when the app sends none, which means every version.</summary>
    public long? Hash { get; }

    public DatabusBinding this[int definition] => _bindings[definition];

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
            int column = schema.IndexOf(d.Name);
            return new DatabusBinding(column, column < 0 ? default : schema.Fields[column].Type, DatabusTypes.KindOf(d.DataType, d.IsArray));
        })];
        _schema = schema;
    }
}
