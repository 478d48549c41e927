using System.Globalization;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Ingest;
using Mlops.Store.AdHoc;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Transfer;

/// <summary>One import of a Parquet file.</summary>
internal sealed class ParquetImport(string feed, string path, IFeedWriter writer, FeedSchema? known, IProgress<TransferProgress>? progress)
{
    private const int BatchRows = 4096;
    private readonly ImportTally _tally = new(feed, progress);

    public async Task<ImportReport> RunAsync(DuckDbDatabase engine, CancellationToken cancellationToken)
    {
        using DuckDbConnection connection = engine.Connect();
        try
        {
            string file = $"read_parquet({Sql.Text(path)}, file_row_number = true)";
            IReadOnlyList<(SqlColumn Column, string Cast)> columns;
            using (DuckDbResult described = connection.Query($"SELECT * EXCLUDE (file_row_number) FROM {file} LIMIT 0", cancellationToken))
                columns = ResultColumns.Of(described);
            string time = TimeOf(columns);
            List<(SqlColumn Column, string Cast)> fields = [.. columns.Where(c => c.Column.Name != time && !c.Column.Name.StartsWith('_'))];
            FeedSchema schema = await writer.DeclareAsync(feed, [.. fields.Select(f => Known(f.Column.Name) ?? new FeedField(f.Column.Name, f.Column.Type))], cancellationToken).ConfigureAwait(false);
            string instant = $"CAST({Sql.Identifier(time)} AS TIMESTAMP_NS)";
            RejectWithoutTime(connection, file, instant, cancellationToken);

            // Fields of the feed that the file has not are null.
            IEnumerable<string> values = schema.Fields.Select(field => fields.Find(f => f.Column.Name == field.Name) is { Column: { } column } found
                ? $"CAST({string.Format(CultureInfo.InvariantCulture, found.Cast, Sql.Identifier(column.Name))} AS {Sql.TypeOf(field.Type)})"
                : $"CAST(NULL AS {Sql.TypeOf(field.Type)})");
            string all = string.Join(", ", values.Prepend($"0::BIGINT, {instant}, {instant}, 3::UTINYINT, NULL::BIGINT, NULL::BIGINT"));
            using DuckDbResult rows = connection.Query($"SELECT {all} FROM {file} WHERE {instant} IS NOT NULL", cancellationToken);
            using var records = new RecordResult(rows, new RecordBatchBuilder(schema, BatchRows));
            while (records.Next(BatchRows) is { } batch)
            {
                using (batch)
                {
                    await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                    _tally.Stored(batch.Count);
                }
            }

            return _tally.Report();
        }
        catch (DuckDbException e)
        {
            throw new ArgumentException($"The file '{path}' cannot be imported into feed '{feed}': {FilterExpression.Reason(e)}. {_tally.Report().Records} records were stored before.", e);
        }
    }

    private FeedField? Known(string name) => known is not null && known.IndexOf(name) is >= 0 and int index ? known.Fields[index] : null;

    private string TimeOf(IReadOnlyList<(SqlColumn Column, string Cast)> columns)
    {
        foreach (string name in new[] { RecordWriter.TimestampName, ColumnNames.Timestamp })
        {
            if (columns.Any(c => c.Column.Name == name && c.Column.Type == FieldType.Timestamp))
                return name;
        }

        throw new ArgumentException(
            $"The file '{path}' cannot be imported into feed '{feed}': it has no column '{RecordWriter.TimestampName}' that holds times. Its columns: {string.Join(", ", columns.Select(c => $"{c.Column.Name} ({c.Column.Type})"))}.");
    }

    private void RejectWithoutTime(DuckDbConnection connection, string file, string instant, CancellationToken cancellationToken)
    {
        using DuckDbResult rows = connection.Query($"SELECT file_row_number + 1 FROM {file} WHERE {instant} IS NULL", cancellationToken);
        while (rows.NextChunk() is { } chunk)
        {
            for (int row = 0; row < chunk.RowCount; row++)
                _tally.Reject(chunk[0].GetInt64(row), "it has no time");
        }
    }
}
