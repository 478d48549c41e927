using System.Globalization;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;
using Mlops.Store.Segments;

namespace Mlops.Store.Transfer;

/// <summary>
/// One export to Parquet: records are collected in an engine, which spills to the disk what it cannot hold, and written by it. A feed with
/// many fields is collected in files of few rows: of more the engine's table would take a block of memory for each field.
/// </summary>
internal sealed class ParquetExport(FeedStore store, FeedRevision revision, FeedQuery query, IProgress<TransferProgress>? progress)
{
    private const string Table = "export";
    private const string Options = "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false";

    /// <summary>Writes the file.</summary>
    /// <param name="engine">Reaches the file and the folder.</param>
    /// <param name="path">The file.</param>
    /// <param name="folder">A folder for parts of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many records it has.</returns>
    public async Task<long> RunAsync(DuckDbDatabase engine, string path, string folder, CancellationToken cancellationToken)
    {
        using DuckDbConnection connection = engine.Connect();
        bool wide = SegmentFile.IsWide(revision);
        var parts = new List<string>();
        long rows = 0;
        var loader = new RecordLoader(connection, Table, revision);
        try
        {
            int loaded = 0;
            await foreach (RecordBatch batch in store.ReadAsync(store.Catalog.Require(query.Feed), query, projection: null, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                {
                    using RecordBatch view = batch.Project(revision.Schema, [.. revision.Schema.Fields.Select(f => batch.Schema.IndexOf(f.Name))]);
                    for (int start = 0, count; start < view.Count; start += count)
                    {
                        count = wide ? Math.Min(view.Count - start, SegmentFile.VectorRows - loaded) : view.Count;
                        loader.Append(view, start, count);
                        loaded += count;
                        if (wide && loaded == SegmentFile.VectorRows)
                        {
                            loader = Part(connection, loader, folder, parts);
                            loaded = 0;
                        }
                    }
                }

                rows += batch.Count;
                progress?.Report(new TransferProgress(rows, 0));
            }

            if (wide && (loaded > 0 || parts.Count == 0))
                loader = Part(connection, loader, folder, parts);
            loader.Flush();
        }
        finally
        {
            loader.Dispose();
        }

        bool taken = revision.Columns.Contains(RecordWriter.TimestampName, StringComparer.OrdinalIgnoreCase);
        string time = taken ? ColumnNames.Timestamp : $"{ColumnNames.Timestamp} AS {RecordWriter.TimestampName}";
        string columns = string.Join(", ", revision.Columns.Select(Sql.Identifier).Prepend(time));
        string source = wide ? $"read_parquet([{string.Join(", ", parts.Select(Sql.Text))}])" : Sql.Identifier(Table);
        string groups = wide ? string.Create(CultureInfo.InvariantCulture, $", ROW_GROUP_SIZE {SegmentFile.RowGroupOf(revision)}") : "";
        await Task.Run(() => connection.Execute($"COPY (SELECT {columns} FROM {source}) TO {Sql.Text(path)} ({Options}{groups})", cancellationToken), cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private RecordLoader Part(DuckDbConnection connection, RecordLoader loader, string folder, List<string> parts)
    {
        loader.Flush();
        loader.Dispose();
        parts.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{parts.Count:D8}{SegmentPath.Extension}")));
        connection.Execute($"COPY {Sql.Identifier(Table)} TO {Sql.Text(parts[^1])} ({Options})");
        return new RecordLoader(connection, Table, revision);
    }
}
