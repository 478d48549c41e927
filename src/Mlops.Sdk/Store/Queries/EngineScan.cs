using System.Globalization;
using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>Reads records through DuckDB, one part after the other: some Parquet files, or some rows of the log loaded into a table.</summary>
internal sealed class EngineScan(QueryEngine engine, PartReader parts, ScanBounds bounds, LogRowDecoder decoder, FeedRevision target, ScanProjection? projection, IReadOnlyList<ScanJoin> joins, int batchRows, int capacity) : IDisposable
{
    private const int MaxLoadedRows = 65_536;
    private const string LoadedTable = "part";
    private readonly RecordBatchBuilder _builder = new(projection?.Schema ?? target.Schema, capacity);
    private readonly RecordBatchBuilder _scratch = new(target.Schema, 256);
    private QuerySession? _session;
    private RecordResult? _result;
    private StoredRange _range;

    /// <summary>Gets the files of the part that was opened last.</summary>
    public IReadOnlyList<Segment> Segments { get; private set; } = [];

    public bool IsOpen => _result is not null;

    public DuckDbConnection Connection => (_session ??= engine.Open()).Connection;

    /// <summary>Opens the part that comes next.</summary>
    /// <param name="database">The catalog.</param>
    /// <param name="sorted">Whether everything is to be read as one part in which the order must be made; always with joins.</param>
    /// <param name="filter">A checked condition.</param>
    /// <param name="cancellationToken">Stops the engine.</param>
    /// <returns><see langword="false"/> when nothing is left.</returns>
    public bool Open(NodeDatabase database, bool sorted, string? filter, CancellationToken cancellationToken)
    {
        StoredRange loaded = default;
        bool visited = false;
        string[] joined = [];
        // The session comes first: its lease keeps the files that the catalog names.
        _ = Connection;
        Segments = database.Read(connection =>
        {
            foreach (ScanJoin join in joins)
                join.Source.Find(connection);
            joined = [.. joins.Select(j => j.Join(j.Source.Load(connection, Connection, engine.FeedsFolder, j.Table)))];
            List<Segment> files = sorted ? parts.AllSegments(connection) : parts.Segments(connection);
            if (sorted || files.Count == 0)
                (loaded, visited) = Load(connection, sorted);
            return files;
        });
        if (Segments.Count == 0 && loaded.Count == 0)
            return visited && !sorted;
        List<string> sources = [.. Segments.GroupBy(s => s.Revision).Select(g => SegmentSql.Select(engine.FeedsFolder, g, decoder.MapOf(g.Key), target))];
        if (loaded.Count > 0)
            sources.Add($"SELECT {Sql.Columns(target)} FROM {LoadedTable}");
        string order = sorted || bounds.Descending ? $" ORDER BY {ColumnNames.Position}{(bounds.Descending ? " DESC" : "")}" : "";
        string limit = bounds.Remaining == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {bounds.Remaining}");
        string columns = projection is null ? Sql.Columns(target) : string.Join(", ", ColumnNames.System.Concat(projection.Columns.Select(c => c.Sql)));

        // Files whose every record counts are not filtered: that would copy them once more. Where an order is to be made, the bounds help to find its top.
        bool covered = order.Length == 0 && loaded.Count == 0 && Segments.All(s => bounds.Covers(s.Range));
        string condition = string.Join(" AND ", new[] { covered ? null : bounds.Condition(null), filter, projection?.Condition is { } more ? $"({more.Sql})" : null }.OfType<string>().DefaultIfEmpty("true"));
        _range = Segments.Aggregate(loaded, (sum, s) => sum.With(s.Range));
        string source = string.Join(" UNION ALL BY NAME ", sources);
        if (joins.Count > 0)
        {
            string required = string.Join(" AND ", joins.Select(j => j.Condition).OfType<string>());
            source = $"SELECT p.*, {string.Join(", ", joins.SelectMany(j => j.Selected))} FROM (SELECT * FROM ({source}) WHERE {condition}) p{string.Concat(joined)}{(required.Length > 0 ? $" WHERE {required}" : "")}";
            condition = "true";
        }

        _result = new RecordResult(Connection.Query($"SELECT {columns} FROM ({source}) WHERE {condition}{order}{limit}", cancellationToken), _builder);
        return true;
    }

    /// <summary>Reads the next batch of the open part; closes the part after the last.</summary>
    public RecordBatch? Next()
    {
        RecordBatch? batch = _result!.Next((int)Math.Min(batchRows, bounds.Remaining));
        if (batch is null)
        {
            bounds.Pass(_range.First, _range.Last);
            Close();
            return null;
        }

        bounds.Pass(batch.Positions[^1], batch.Positions[^1]);
        bounds.Deliver(batch.Count);
        return batch;
    }

    /// <summary>Leaves the open part; what was delivered of it stays delivered.</summary>
    public void Close()
    {
        _result?.Dispose();
        _result = null;
        _builder.Truncate(0);
    }

    public void Dispose()
    {
        Close();
        _session?.Dispose();
        _builder.Close();
        _scratch.Close();
    }

    private (StoredRange Loaded, bool Visited) Load(SqliteConnection connection, bool all)
    {
        using var loader = new RecordLoader(Connection, LoadedTable, target);
        StoredRange loaded = default;
        bool visited = false;
        if (all)
            parts.AllLog(connection, (row, range) => Take(row, range));
        else
            visited = parts.Log(connection, (row, range) => (loaded.Count == 0 || loaded.Count + range.Count <= MaxLoadedRows) && Take(row, range)).Visited;
        loader.Flush();
        return (loaded, visited);

        bool Take(SqliteStatement row, StoredRange range)
        {
            if (decoder.Decode(row, _scratch))
            {
                using RecordBatch batch = _scratch.Build();
                loader.Append(batch);
                loaded = loaded.With(range);
            }
            else if (loaded.Count == 0)
            {
                // Nothing of this part will be delivered that would carry the reading past the row.
                bounds.Pass(range.First, range.Last);
            }

            return true;
        }
    }
}
