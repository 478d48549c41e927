using System.Diagnostics;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Ingest;

/// <summary>Puts records from this process and from drivers through the pipeline.</summary>
internal sealed class FeedWriter(IngestPipeline pipeline) : IFeedWriter
{
    // Large batches go in by pieces, so that nobody else waits long for the gate.
    private const int MaxRowsAtOnce = 1024;

    public async ValueTask<FeedSchema> DeclareAsync(string feed, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return await DeclareAsync(new FeedDeclaration(null, FeedId.Normalize(feed), fields), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Declares a feed by its announced names or its id.</summary>
    public async ValueTask<FeedSchema> DeclareAsync(FeedDeclaration declaration, CancellationToken cancellationToken)
    {
        FeedInlet inlet = await pipeline.OpenAsync(declaration, cancellationToken).ConfigureAwait(false);
        lock (pipeline.Gate)
            return inlet.Schema;
    }

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count == 0)
            return;
        FeedInlet inlet = pipeline.Find(batch.Schema.Feed)
            ?? throw new ArgumentException($"Feed '{batch.Schema.Feed}' was not declared. Call DeclareAsync first and build the batch with the schema it returns.", nameof(batch));
        long arrival = Stopwatch.GetTimestamp();
        TaskCompletionSource? written = null;
        for (int row = 0; row < batch.Count;)
        {
            await pipeline.RoomAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (pipeline.Gate)
            {
                // Where there is room at once, nobody has looked yet.
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfStopped(inlet);
                int[] columns = BatchCopy.Map(batch.Schema, inlet.Schema);
                int end = Math.Min(batch.Count, row + MaxRowsAtOnce);
                int count = end - row;
                long received = pipeline.Now;
                for (; row < end; row++)
                    BatchCopy.Append(inlet.Rows, batch, row, columns, received, arrival);
                pipeline.Accept(inlet, count, 0);
                if (row == batch.Count)
                    pipeline.Settle(written = NewSource());
                else
                    pipeline.Notify();
            }
        }

        await written!.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(string feed, IReadOnlyList<FeedRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        string id = FeedId.Normalize(feed);
        if (records.Count == 0)
            return;
        FeedSchema? known = pipeline.Find(id)?.Schema ?? pipeline.FindStored(id);
        List<FeedField> fields = FieldInference.Infer(id, records, known);
        FeedSchema schema = known is not null && fields.Count == 0 && pipeline.Find(id) is not null
            ? known
            : await DeclareAsync(id, fields, cancellationToken).ConfigureAwait(false);

        // Built aside first: a value that does not fit is found before any record is taken.
        var rows = new RecordBatchBuilder(schema, Math.Max(1, records.Count));
        foreach (FeedRecord record in records)
        {
            rows.BeginRow(EpochTime.FromDateTimeOffset(record.Timestamp));
            foreach ((string name, object? value) in record.Values)
            {
                if (value is not null)
                    FieldInference.Write(rows, schema.IndexOf(name), value);
            }

            rows.EndRow();
        }

        using RecordBatch batch = rows.Build();
        await WriteAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ThrowIfStopped(FeedInlet inlet)
    {
        if (pipeline.IsStopped)
            throw new InvalidOperationException($"Feed '{inlet.Schema.Feed}' takes no more records, because the node is stopping.");
    }
}
