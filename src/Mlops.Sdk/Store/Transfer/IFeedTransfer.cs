namespace Mlops.Store.Transfer;

/// <summary>Takes records in from files, and gives them out. Thread-safe.</summary>
public interface IFeedTransfer
{
    /// <summary>
    /// Imports CSV as ordinary ingest: in batches, each durable before the next is read. It creates the feed, and fields that are
    /// new, by what the first 1,000 rows hold. Nothing is dropped as a duplicate, since lines carry no message numbers: importing a
    /// text twice stores its records twice.
    /// </summary>
    /// <param name="feed">Id of the feed; normalised.</param>
    /// <param name="csv">UTF-8 text (RFC 4180), names in the first line, one of them <c>timestamp</c>: ISO 8601, UTC where there is no offset.</param>
    /// <param name="progress">Hears how it goes, batch by batch.</param>
    /// <param name="cancellationToken">Stops the import; what was durable stays.</param>
    /// <returns>What became of the lines.</returns>
    /// <exception cref="ArgumentException">The first line is of no use: why.</exception>
    Task<ImportReport> ImportCsvAsync(string feed, Stream csv, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Imports a Parquet file, as <see cref="ImportCsvAsync"/> does a text. Its columns are fields, except <c>timestamp</c> (or <c>_timestamp</c>, as in the store's own files), the time of each record; other columns that begin with <c>_</c> are passed over.</summary>
    /// <param name="feed">Id of the feed; normalised.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="progress">Hears how it goes, batch by batch.</param>
    /// <param name="cancellationToken">Stops the import; what was durable stays.</param>
    /// <returns>What became of the rows; a row without a time is rejected, its number counting as line.</returns>
    /// <exception cref="ArgumentException">There is no such file, it is no Parquet file, or it has no time column.</exception>
    Task<ImportReport> ImportParquetAsync(string feed, string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Writes records as CSV or JSON, with no more in memory than a batch.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="format">CSV or JSON.</param>
    /// <param name="stream">Where to; stays the caller's to close.</param>
    /// <param name="progress">Hears how it goes, batch by batch.</param>
    /// <param name="cancellationToken">Stops the export.</param>
    /// <returns>How many records were written.</returns>
    /// <exception cref="ArgumentException">There is no such feed, the filter is refused, or the format cannot be streamed.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    Task<long> ExportAsync(FeedQuery query, RecordFormat format, Stream stream, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Writes records into a file, which has its name only once it is whole and durable; a file that was there is replaced then.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="format">The format.</param>
    /// <param name="path">Path of the file; its folder must exist.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Stops the export; no file is left.</param>
    /// <returns>How many records were written.</returns>
    /// <exception cref="ArgumentException">There is no such feed, or the filter is refused.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now, or the file not written.</exception>
    Task<long> ExportFileAsync(FeedQuery query, RecordFormat format, string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);
}
