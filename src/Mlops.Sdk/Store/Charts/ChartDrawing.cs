using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;
using Mlops.Store.Segments;

namespace Mlops.Store.Charts;

/// <summary>
/// One attempt at a chart: what the log holds and what is known of files, in one snapshot of the catalog; then the files of which not
/// enough is known, the range alone where a summary is too coarse, the whole file where it has none yet.
/// </summary>
internal sealed class ChartDrawing
{
    private readonly FeedRevision _target;
    private readonly BucketGrid _grid;
    private readonly ChartBuckets[] _buckets;
    private readonly ScanBounds _bounds;
    private readonly PartReader _parts;
    private readonly LogRowDecoder _decoder;
    private readonly List<(Segment Segment, int[] Fields)> _coarse = [];
    private readonly List<(Segment Segment, int[] Fields)> _unknown = [];
    private readonly List<(long Segment, string Field, FieldSummary Summary)> _made = [];

    /// <param name="feed">The feed.</param>
    /// <param name="target">The revision as which it is drawn, with the fields of the chart alone.</param>
    /// <param name="grid">The buckets.</param>
    public ChartDrawing(FeedEntry feed, FeedRevision target, BucketGrid grid)
    {
        (_target, _grid) = (target, grid);
        _buckets = [.. target.Schema.Fields.Select(_ => new ChartBuckets(grid))];
        _bounds = new ScanBounds(new FeedQuery { Feed = feed.Id, From = grid.Start, To = grid.End }, feed.LastPosition);
        _parts = new PartReader(feed, _bounds);
        _decoder = new LogRowDecoder(feed, target);
    }

    /// <summary>Gets the files that were to be read.</summary>
    public IEnumerable<Segment> Files => _coarse.Concat(_unknown).Select(f => f.Segment).Distinct();

    /// <summary>Gets the summaries of files that had none.</summary>
    public IReadOnlyList<(long Segment, string Field, FieldSummary Summary)> Made => _made;

    /// <summary>Adds what the catalog has.</summary>
    /// <returns>Whether there are files to be read.</returns>
    public bool Begin(SqliteConnection connection)
    {
        AddLog(connection);
        using SqliteStatement reading = SegmentSummaries.Reading(connection);
        foreach (Segment segment in _parts.AllSegments(connection))
        {
            var coarse = new List<int>();
            var unknown = new List<int>();
            for (int i = 0; i < _buckets.Length; i++)
            {
                if (!_decoder.MapOf(segment.Revision).HasSourceOf(i))
                    continue;
                if (SegmentSummaries.Read(reading, segment.Id, _target.Keys[i]) is not { } summary)
                    unknown.Add(i);
                else if (summary.Serves(_grid.Width))
                    _buckets[i].Add(summary);
                else
                    coarse.Add(i);
            }

            if (coarse.Count > 0)
                _coarse.Add((segment, [.. coarse]));
            if (unknown.Count > 0)
                _unknown.Add((segment, [.. unknown]));
        }

        return _coarse.Count + _unknown.Count > 0;
    }

    /// <summary>Reads the files of which the catalog does not know enough.</summary>
    public void ReadFiles(QueryEngine engine, CancellationToken cancellationToken)
    {
        using QuerySession session = engine.Open();
        foreach (var files in _coarse.GroupBy(f => string.Join(',', f.Fields)))
            Read(session.Connection, engine.FeedsFolder, [.. files.Select(f => f.Segment)], files.First().Fields, null, cancellationToken);
        foreach ((Segment segment, int[] fields) in _unknown)
        {
            SummaryBuilder[] summaries = [.. fields.Select(_ => new SummaryBuilder())];
            Read(session.Connection, engine.FeedsFolder, [segment], fields, summaries, cancellationToken);
            _made.AddRange(fields.Zip(summaries, (field, summary) => (segment.Id, _target.Keys[field], summary.Finish(segment.Range.Count))));
        }
    }

    public FeedChart Finish() => new(_grid.Start, _grid.Width, _grid.Count, [.. _target.Schema.Fields.Zip(_buckets, (field, buckets) => new ChartSeries(field.Name, buckets.Buckets))]);

    /// <summary>Takes rows of the log that could not be read out of the way.</summary>
    public ValueTask<bool> SetBrokenAsideAsync(SetAside setAside) => _decoder.SetBrokenAsideAsync(setAside);

    private void AddLog(SqliteConnection connection)
    {
        var rows = new RecordBatchBuilder(_target.Schema, 256);
        _parts.AllLog(connection, (row, _) =>
        {
            if (!_decoder.Decode(row, rows))
                return;
            using RecordBatch batch = rows.Build();
            for (int i = 0; i < _buckets.Length; i++)
                _buckets[i].Add(batch.Timestamps, batch.Column(i));
        });
        rows.Close();
    }

    /// <param name="connection">The engine.</param>
    /// <param name="folder">Folder of all files.</param>
    /// <param name="segments">The files.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="summaries">Gets the whole file; <see langword="null"/> when only what lies in the chart is wanted.</param>
    /// <param name="cancellationToken">Stops the engine.</param>
    private void Read(DuckDbConnection connection, string folder, IReadOnlyList<Segment> segments, int[] fields, SummaryBuilder[]? summaries, CancellationToken cancellationToken)
    {
        string sources = string.Join(" UNION ALL BY NAME ", segments.GroupBy(s => s.Revision).Select(g => SegmentSql.Select(folder, g, _decoder.MapOf(g.Key), _target)));
        string values = string.Concat(fields.Select(f => $", CAST({Sql.Identifier(_target.Columns[f])} AS DOUBLE)"));
        string range = summaries is not null ? "" : $" WHERE {_bounds.Condition(null)}";
        using DuckDbResult result = connection.Query($"SELECT {ColumnNames.Timestamp}{values} FROM ({sources}){range}", cancellationToken);
        while (result.NextChunk() is { } chunk)
        {
            ReadOnlySpan<long> times = chunk[0].Values<long>();
            for (int i = 0; i < fields.Length; i++)
            {
                DuckDbVector vector = chunk[i + 1];
                ReadOnlySpan<byte> validity = MemoryMarshal.AsBytes(vector.Validity);
                _buckets[fields[i]].Add(times, vector.Values<double>(), validity);
                summaries?[i].Add(times, vector.Values<double>(), validity);
            }
        }
    }
}
