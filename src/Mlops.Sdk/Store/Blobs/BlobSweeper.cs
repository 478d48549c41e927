using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Blobs;

/// <summary>
/// Deletes blobs that nothing names: first it notes which are old enough, then it goes through all live records and labels, and
/// what was named by none goes. Nothing is deleted when something could not be read.
/// </summary>
internal sealed class BlobSweeper(NodeDatabase database, FeedStore store, BlobStore blobs, IOptions<StoreOptions> options, TimeProvider time, ILogger<BlobSweeper> logger)
{
    /// <summary>Sweeps.</summary>
    /// <returns>How many blobs were deleted and how many bytes that freed.</returns>
    /// <exception cref="IOException">Records cannot be read for now; nothing was deleted.</exception>
    public async Task<(long Count, long Bytes)> SweepAsync(CancellationToken cancellationToken)
    {
        await blobs.Sweeping.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SweepAloneAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            blobs.Sweeping.Release();
        }
    }

    private async Task<(long Count, long Bytes)> SweepAloneAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset limit = time.GetUtcNow() - options.Value.Blobs.Grace;
        HashSet<string> unnamed = await Task.Run(() => blobs.StoredBefore(limit), cancellationToken).ConfigureAwait(false);
        if (unnamed.Count == 0)
            return default;
        foreach (FeedEntry feed in store.Catalog.Entries)
        {
            foreach (FeedRevision revision in feed.Versions.Where(r => r.Schema.Fields.Any(IsReference)))
                await MarkAsync(feed, revision, unnamed, cancellationToken).ConfigureAwait(false);
        }

        foreach (string value in database.Read(connection => connection.Rows("SELECT value FROM label WHERE value LIKE 'sha256:%'", r => r.GetString(0))))
            Mark(value, unnamed);

        // Records that are set aside may come back, and their blobs must be there then.
        if (store.SetAside.List().Any(d => store.Catalog.Find(d.Feed) is { } feed && feed.Versions.Any(r => r.Schema.Fields.Any(IsReference))))
            return default;
        long count = 0, bytes = 0;
        foreach (string hash in unnamed)
        {
            if (blobs.Delete(hash, limit) is not { } size)
                continue;
            count++;
            bytes += size;
        }

        if (count > 0)
            Log.BlobsDeleted(logger, count, bytes);
        return (count, bytes);
    }

    private async Task MarkAsync(FeedEntry feed, FeedRevision revision, HashSet<string> unnamed, CancellationToken cancellationToken)
    {
        List<int> columns = [.. Enumerable.Range(0, revision.Schema.Fields.Count).Where(i => IsReference(revision.Schema.Fields[i]))];
        List<ScanColumn> references = columns.ConvertAll(c => ScanColumn.Of(revision, c));
        var projection = new ScanProjection(
            new FeedSchema(feed.Id, columns.Select(c => revision.Schema.Fields[c])), references, new ScanCondition(string.Join(" OR ", references.Select(r => $"{r.Sql} IS NOT NULL"))));
        var query = new FeedQuery { Feed = feed.Id, Version = revision.Schema.Version };
        await foreach (RecordBatch batch in store.ReadAsync(feed, query, projection, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int c = 0; c < columns.Count; c++)
                {
                    for (int row = 0; row < batch.Count; row++)
                        Mark(Encoding.UTF8.GetString(batch.Column(c).Utf8(row)), unnamed);
                }
            }
        }
    }

    private static void Mark(string text, HashSet<string> unnamed)
    {
        if (BlobReference.TryParse(text, out BlobReference? reference))
            unnamed.Remove(reference.Hash);
    }

    private static bool IsReference(FeedField field) => field.Type == FieldType.Text && field.SourceType == BlobReference.SourceType;
}
