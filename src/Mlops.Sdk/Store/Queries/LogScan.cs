using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>Reads records straight from the log, without the query engine: what a follower that catches up, "the last 100" and a selection of plain fields need.</summary>
internal sealed class LogScan(PartReader parts, ScanBounds bounds, LogRowDecoder decoder, LogProjection projection, int batchRows) : IDisposable
{
    private readonly SteadyBuilder _batches = new(projection.Needed.Schema);
    private readonly RecordBatchBuilder _scratch = new(projection.Needed.Schema, 256);

    private RecordBatchBuilder Builder => _batches.Current;

    /// <summary>Reads the rows of the log that come next, up to a batch.</summary>
    /// <returns>The batch, if any record counts; whether rows were passed at all; and whether a file follows.</returns>
    public (RecordBatch? Batch, bool Visited, bool FileFollows) Next(NodeDatabase database)
    {
        (bool visited, bool fileFollows) = database.Read(connection => parts.Log(connection, (row, range) =>
        {
            if (Builder.Count > 0 && (Builder.Count + range.Count > batchRows || Builder.Count >= bounds.Remaining))
                return false;
            Take(row, range);
            bounds.Pass(range.First, range.Last);
            return true;
        }));
        if (Builder.Count == 0)
            return (null, visited, fileFollows);
        if (Builder.Count > bounds.Remaining)
            Builder.Truncate((int)bounds.Remaining);
        bounds.Deliver(Builder.Count);
        return (projection.Apply(_batches.Build()), visited, fileFollows);
    }

    public void Dispose()
    {
        _batches.Dispose();
        _scratch.Close();
        projection.Dispose();
    }

    private void Take(SqliteStatement row, StoredRange range)
    {
        // Large rows come alone, small ones fill a batch together.
        if (Builder.Count == 0)
        {
            int rows = (int)Math.Min(bounds.Remaining, range.Count > batchRows / 2 ? range.Count : batchRows);
            _batches.Begin(rows, more: bounds.Remaining > rows && range.Last < bounds.To);
        }

        if (!bounds.Descending && projection.Present is null && bounds.Covers(range))
        {
            decoder.Decode(row, Builder);
        }
        else if (decoder.Decode(row, _scratch))
        {
            using RecordBatch batch = _scratch.Build();
            TakeMatching(batch);
        }
    }

    private void TakeMatching(RecordBatch batch)
    {
        for (int i = 0; i < batch.Count && Builder.Count < bounds.Remaining; i++)
        {
            int row = bounds.Descending ? batch.Count - 1 - i : i;
            if (!Counts(batch, row))
                continue;
            int count = 1;
            while (!bounds.Descending && row + count < batch.Count && Counts(batch, row + count))
                count++;
            Builder.Append(batch, row, count);
            i += count - 1;
        }
    }

    private bool Counts(RecordBatch batch, int row) =>
        bounds.Contains(batch.Positions[row], batch.Timestamps[row], batch.Qualities[row]) && (projection.Present is not { } field || batch.Column(field).IsValid(row));
}
