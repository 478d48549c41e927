using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Transfer;

/// <summary>One export to Parquet: records are collected in an engine, which spills to the disk what it cannot hold, and written by it.</summary>
internal sealed class ParquetExport(FeedStore store, FeedQuery query, IProgress<TransferProgress>? progress)
{
    private const string Table = "export";

    public async Task<long> RunAsync(DuckDbDatabase engine, string path, CancellationToken cancellationToken)
    {
        FeedEntry feed = store.Catalog.Require(query.Feed);
        FeedRevision revision = feed.Current;
        long rows = 0;
        using DuckDbConnection connection = engine.Connect();
        using (var loader = new RecordLoader(connection, Table, revision))
        {
            await foreach (RecordBatch batch in store.ReadAsync(feed, query, projection: null, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                {
                    using RecordBatch view = batch.Project(revision.Schema, [.. revision.Schema.Fields.Select(f => batch.Schema.IndexOf(f.Name))]);
                    loader.Append(view);
                }

                rows += batch.Count;
                progress?.Report(new TransferProgress(rows, 0));
            }

            loader.Flush();
        }

        bool taken = revision.Columns.Contains(RecordWriter.TimestampName, StringComparer.OrdinalIgnoreCase);
        string time = taken ? ColumnNames.Timestamp : $"{ColumnNames.Timestamp} AS {RecordWriter.TimestampName}";
        string columns = string.Join(", ", revision.Columns.Select(Sql.Identifier).Prepend(time));
        await Task.Run(
            () => connection.Execute($"COPY (SELECT {columns} FROM {Sql.Identifier(Table)}) TO {Sql.Text(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)", cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return rows;
    }
}
