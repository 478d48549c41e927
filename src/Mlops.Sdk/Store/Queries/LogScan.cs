using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>Reads records straight from the log, without the query engine: what a follower that catches up and "the last 100" need.</summary>
internal sealed class LogScan(PartReader parts, ScanBounds bounds, LogRowDecoder decoder, RecordBatchBuilder builder)
{
    private readonly RecordBatchBuilder _scratch = new(builder.Schema, 256);

    /// <summary>Reads the rows of the log that come next, up to a batch.</summary>
    /// <returns>The batch, if any record counts; whether rows were passed at all; and whether a file follows.</returns>
    public (RecordBatch? Batch, bool Visited, bool FileFollows) Next(NodeDatabase database)
    {
        (bool visited, bool fileFollows) = database.Read(connection => parts.Log(connection, (row, range) =>
        {
            if (builder.Count > 0 && (builder.Count + range.Count > FeedScan.BatchRows || builder.Count >= bounds.Remaining))
                return false;
            Take(row, range);
            bounds.Pass(range.First, range.Last);
            return true;
        }));
        if (builder.Count == 0)
            return (null, visited, fileFollows);
        if (builder.Count > bounds.Remaining)
            builder.Truncate((int)bounds.Remaining);
        bounds.Deliver(builder.Count);
        return (builder.Build(), visited, fileFollows);
    }

    private void Take(SqliteStatement row, StoredRange range)
    {
        if (!bounds.Descending && bounds.Covers(range))
        {
            decoder.Decode(row, builder);
        }
        else if (decoder.Decode(row, _scratch))
        {
            using RecordBatch batch = _scratch.Build();
            TakeMatching(batch);
        }
    }

    private void TakeMatching(RecordBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            int row = bounds.Descending ? batch.Count - 1 - i : i;
            if (!Counts(batch, row))
                continue;
            int count = 1;
            while (!bounds.Descending && row + count < batch.Count && Counts(batch, row + count))
                count++;
            builder.Append(batch, row, count);
            i += count - 1;
        }
    }

    private bool Counts(RecordBatch batch, int row) => bounds.Contains(batch.Positions[row], batch.Timestamps[row], batch.Qualities[row]);
}
