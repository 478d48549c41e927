using System.Text;
using Mlops.Data;

namespace Mlops.Ingest.PlainJson;

/// <summary>What is known about one topic of a subscription. Belongs to whoever holds the gate of the pipeline.</summary>
internal sealed class PlainJsonRoute
{
    /// <summary>Stands for a path whose values are not taken.</summary>
    public const int Ignored = -1;

    private readonly Dictionary<byte[], string>? _chosen;
    private readonly Dictionary<byte[], int> _columns = new(Utf8Comparer.Instance);
    private FeedSchema? _schema;

    public PlainJsonRoute(IngestSubscription subscription, string feed)
    {
        Feed = feed;
        TimestampPath = Encoding.UTF8.GetBytes(subscription.TimestampField);
        if (subscription.Values.Count > 0)
            _chosen = subscription.Values.ToDictionary(v => Encoding.UTF8.GetBytes(v.Value), v => v.Key, Utf8Comparer.Instance);
    }

    public string Feed { get; }

    public byte[] TimestampPath { get; }

    /// <summary>Gets or sets the inlet; <see langword="null"/> until the first message told the fields.</summary>
    public FeedInlet? Inlet { get; set; }

    /// <summary>Finds the column of a path.</summary>
    /// <returns>False when the feed has no field for it yet.</returns>
    public bool TryFind(ReadOnlySpan<byte> path, out int column)
    {
        if (Inlet is null)
        {
            column = Ignored;
            return _chosen is not null && !_chosen.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(path);
        }

        if (!ReferenceEquals(_schema, Inlet.Schema))
            Bind(Inlet.Schema);
        if (_columns.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(path, out column))
            return true;
        column = Ignored;
        return _chosen is not null && !_chosen.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(path);
    }

    /// <summary>Returns the name of the field for a path that <see cref="TryFind"/> does not know.</summary>
    public string FieldOf(ReadOnlySpan<byte> path) =>
        _chosen is not null && _chosen.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(path, out string? field) ? field : Encoding.UTF8.GetString(path);

    private void Bind(FeedSchema schema)
    {
        _columns.Clear();
        if (_chosen is null)
        {
            for (int i = 0; i < schema.Fields.Count; i++)
                _columns.Add(Encoding.UTF8.GetBytes(schema.Fields[i].Name), i);
        }
        else
        {
            foreach ((byte[] path, string field) in _chosen)
            {
                int column = schema.IndexOf(field);
                if (column >= 0)
                    _columns.Add(path, column);
            }
        }

        _schema = schema;
    }
}
