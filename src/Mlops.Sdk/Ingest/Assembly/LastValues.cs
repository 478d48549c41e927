using Mlops.Data;

namespace Mlops.Ingest.Assembly;

/// <summary>The last known value of each field, with its time and the quality of the row it came in. Belongs to whoever holds the gate.</summary>
/// <remarks>The values stand in a batch of one row, which is written anew with each row that is taken.</remarks>
internal sealed class LastValues(FeedSchema schema, long maxAge)
{
    private readonly RecordBatchBuilder _writer = new(schema, 1);
    private readonly long[] _times = new long[schema.Fields.Count];
    private readonly byte[] _qualities = new byte[schema.Fields.Count];
    private RecordBatch? _values;

    public FeedSchema Schema { get; } = schema;

    /// <summary>Gets a value indicating whether nothing is known yet.</summary>
    public bool IsEmpty => _values is null;

    /// <summary>Remembers what a row brings, unless something newer is known.</summary>
    /// <param name="row">The batch with the row.</param>
    /// <param name="index">Which row.</param>
    /// <param name="time">The time that counts.</param>
    public void Take(RecordBatch row, int index, long time)
    {
        _writer.BeginRow(time);
        for (int c = 0; c < _times.Length; c++)
        {
            Column fresh = row.Column(c);
            if (fresh.IsValid(index) && (_values is null || !_values.Column(c).IsValid(0) || _times[c] <= time))
            {
                _writer.Copy(c, fresh, index);
                _times[c] = time;
                _qualities[c] = row.Qualities[index];
            }
            else if (_values is not null)
            {
                _writer.Copy(c, _values.Column(c), 0);
            }
        }

        _writer.EndRow();
        RecordBatch? older = _values;
        _values = _writer.Build();
        older?.Dispose();
    }

    /// <summary>Writes what is known at a time into the row that was begun, where <paramref name="row"/> brings nothing itself.</summary>
    /// <returns>Whether anything was written.</returns>
    /// <remarks>A value that is newer than that time is left out: a late row must not tell of what came after it.</remarks>
    public bool Fill(RecordBatchBuilder rows, RecordBatch? row, int index, long time)
    {
        bool any = false;
        for (int c = 0; c < _times.Length; c++)
        {
            if (row is not null && row.Column(c) is var fresh && fresh.IsValid(index))
            {
                rows.Copy(c, fresh, index);
                any = true;
            }
            else if (_values is not null && _values.Column(c) is var known && known.IsValid(0) && _times[c] <= time && time - _times[c] <= maxAge)
            {
                rows.Copy(c, known, 0);
                rows.AddQuality(_qualities[c]);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Goes on under a newer schema or another bound; a field whose type changed is forgotten.</summary>
    public LastValues Under(FeedSchema newer, long newMaxAge)
    {
        var next = new LastValues(newer, newMaxAge);
        if (_values is null)
            return next;
        next._writer.BeginRow(0);
        for (int c = 0; c < _times.Length; c++)
        {
            int target = newer.IndexOf(Schema.Fields[c].Name);
            if (target < 0 || newer.Fields[target].Type != Schema.Fields[c].Type)
                continue;
            next._writer.Copy(target, _values.Column(c), 0);
            next._times[target] = _times[c];
            next._qualities[target] = _qualities[c];
        }

        next._writer.EndRow();
        next._values = next._writer.Build();
        _values.Dispose();
        _values = null;
        return next;
    }
}
