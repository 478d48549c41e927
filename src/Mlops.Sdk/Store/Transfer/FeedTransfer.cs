using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Ingest;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Transfer;

/// <inheritdoc/>
internal sealed class FeedTransfer(FeedStore store, NodeDatabase node, IFeedWriter writer, IOptions<StoreOptions> options) : IFeedTransfer
{
    private const string PartSuffix = ".part";

    public Task<ImportReport> ImportCsvAsync(string feed, Stream csv, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(csv);
        string id = FeedId.Normalize(feed);
        return Task.Run(() => new CsvImport(id, writer, store.Find(id), progress).RunAsync(csv, cancellationToken), cancellationToken);
    }

    public Task<ImportReport> ImportParquetAsync(string feed, string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string id = FeedId.Normalize(feed), full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new ArgumentException($"There is no file '{full}' to import into feed '{id}'.", nameof(path));
        return Task.Run(
            async () =>
            {
                // Ingest is slower than one thread reads, and a file may have as many columns as a feed, whose rows are read ahead.
                DuckDbOptions settings = EngineOf(full);
                (settings.MemoryLimitBytes, settings.Threads) = (options.Value.QueryMemory.Bytes / 4 * 5, 1);
                using DuckDbDatabase engine = DuckDbDatabase.OpenInMemory(settings);
                return await new ParquetImport(id, full, writer, store.Find(id), progress).RunAsync(engine, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
    }

    public async Task<long> ExportAsync(FeedQuery query, RecordFormat format, Stream stream, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        RecordWriter target = RecordWriter.Create(format, stream, store.Catalog.Require(query.Feed).Current.Schema, withTimestamp: true);
        await foreach (RecordBatch batch in store.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                // A schema that grew meanwhile is not the one whose names were written.
                using RecordBatch view = batch.Project(target.Schema, [.. target.Schema.Fields.Select(f => batch.Schema.IndexOf(f.Name))]);
                await target.WriteAsync(view, cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(new TransferProgress(target.Rows, 0));
        }

        await target.FinishAsync(cancellationToken).ConfigureAwait(false);
        return target.Rows;
    }

    public async Task<long> ExportFileAsync(FeedQuery query, RecordFormat format, string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path), part = full + PartSuffix;
        try
        {
            long rows;
            if (format == RecordFormat.Parquet)
            {
                rows = await ExportParquetAsync(query, part, progress, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await using var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None);
                rows = await ExportAsync(query, format, stream, progress, cancellationToken).ConfigureAwait(false);
            }

            FolderSync.File(part);
            File.Move(part, full, overwrite: true);
            FolderSync.Folder(Path.GetDirectoryName(full)!);
            return rows;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private async Task<long> ExportParquetAsync(FeedQuery query, string path, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        FeedRevision revision = store.Catalog.Require(query.Feed).Current;
        string parts = Path.Combine(node.Folder, "tmp", $"export-{Guid.NewGuid():n}");
        Directory.CreateDirectory(parts);
        try
        {
            using DuckDbDatabase engine = DuckDbDatabase.OpenInMemory(EngineOf(path, revision, parts));
            return await new ParquetExport(store, revision, query, progress).RunAsync(engine, path, parts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(parts, recursive: true);
        }
    }

    // Many fields need memory for each, and less of it when one thread reads them.
    private DuckDbOptions EngineOf(string path, FeedRevision revision, string parts)
    {
        DuckDbOptions engine = EngineOf(path);
        engine.AllowedFolders.Add(parts);
        engine.MemoryLimitBytes = Math.Max(engine.MemoryLimitBytes, SegmentFile.BytesOf(revision.Schema.Fields) / 4 * 5);
        if (SegmentFile.IsWide(revision))
            engine.Threads = 1;
        return engine;
    }

    /// <summary>Returns the settings of an engine that reaches one file.</summary>
    private DuckDbOptions EngineOf(string path) => new()
    {
        MemoryLimitBytes = options.Value.QueryMemory.Bytes / 2,
        Threads = options.Value.QueryThreads,
        TempFolder = Path.Combine(node.Folder, "tmp", $"transfer-{Guid.NewGuid():n}"),
        AllowedFiles = { path },
    };
}
