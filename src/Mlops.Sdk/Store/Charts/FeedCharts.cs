using System.Globalization;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;
using Mlops.Store.Segments;

namespace Mlops.Store.Charts;

/// <inheritdoc/>
internal sealed class FeedCharts(FeedStore store, NodeDatabase catalog, QueryEngine engine) : IFeedCharts
{
    private const int MaxPoints = 10_000;
    private const int MaxFields = 64;

    /// <summary>A file whose buckets are more than this is read for the wanted range alone, and not kept.</summary>
    private const long MaxKeptBuckets = 4096;
    private const int MaxAttempts = 3;
    private readonly SegmentSummaries _kept = new();

    public async Task<FeedChart> DownsampleAsync(ChartQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        FeedEntry feed = store.Catalog.Require(query.Feed);
        FeedRevision target = feed.Current;
        int[] fields = Fields(query, target.Schema);
        if (query.To <= query.From)
            throw new ArgumentException($"The chart of feed '{feed.Id}' has an empty range. Give a 'from' that is earlier than 'to'.", nameof(query));
        if (query.Points is < 1 or > MaxPoints)
            throw new ArgumentException($"The chart of feed '{feed.Id}' is to have {query.Points} points. Give 1 to {MaxPoints}.", nameof(query));
        BucketGrid grid = BucketGrid.Of(query.From, query.To, query.Points);
        for (int attempt = 1; ; attempt++)
        {
            var decoder = new LogRowDecoder(feed, target);
            IReadOnlyList<Segment> segments = [];
            try
            {
                return await Task.Run(
                    () =>
                    {
                        // Before the catalog is read: the files that it names stay.
                        using IDisposable lease = engine.Leases.Take();
                        var sums = new BucketSummary[fields.Length][];
                        for (int i = 0; i < sums.Length; i++)
                            sums[i] = new BucketSummary[grid.Count];
                        var bounds = new ScanBounds(new FeedQuery { Feed = feed.Id, From = grid.Start, To = grid.End }, feed.LastPosition);
                        segments = catalog.Read(connection =>
                        {
                            var parts = new PartReader(feed, bounds);
                            AddLog(connection, parts, decoder, target, fields, grid, sums);
                            return parts.AllSegments(connection);
                        });
                        AddSegments(segments, decoder, target, fields, grid, sums, cancellationToken);
                        return new FeedChart(grid.Start, grid.Width, grid.Count, [.. fields.Select((f, i) => new ChartSeries(target.Schema.Fields[f].Name, sums[i]))]);
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            catch (DuckDbException e)
            {
                bool helped = false;
                foreach (Segment segment in segments)
                    helped |= await store.SetAside.SegmentIfBrokenAsync(feed, segment).ConfigureAwait(false);
                if (!helped || attempt == MaxAttempts)
                    throw new IOException($"Reading feed '{feed.Id}' for a chart failed: {FilterExpression.Reason(e)}. It is not known to be broken; try again.", e);
            }
            finally
            {
                await decoder.SetBrokenAsideAsync(store.SetAside).ConfigureAwait(false);
            }
        }
    }

    private static int[] Fields(ChartQuery query, FeedSchema schema)
    {
        if (query.Fields is null)
            return [.. Enumerable.Range(0, schema.Fields.Count).Where(i => IsNumber(schema.Fields[i].Type)).Take(MaxFields)];
        if (query.Fields.Count > MaxFields)
            throw new ArgumentException($"The chart of feed '{schema.Feed}' is to have {query.Fields.Count} fields. Give at most {MaxFields}.", nameof(query));
        var fields = new List<int>();
        foreach (string name in query.Fields.Distinct(StringComparer.Ordinal))
        {
            int index = schema.IndexOf(name);
            if (index < 0 || !IsNumber(schema.Fields[index].Type))
            {
                throw new ArgumentException(
                    $"Feed '{schema.Feed}' has {(index < 0 ? $"no field '{name}'" : $"no numbers in the field '{name}', which is {schema.Fields[index].Type}")}. Its fields with numbers: {string.Join(", ", schema.Fields.Where(f => IsNumber(f.Type)).Select(f => f.Name))}.", nameof(query));
            }

            fields.Add(index);
        }

        return [.. fields];
    }

    private static bool IsNumber(FieldType type) => type is FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean;

    private static void AddLog(Microsoft.Data.Sqlite.SqliteConnection connection, PartReader parts, LogRowDecoder decoder, FeedRevision target, int[] fields, BucketGrid grid, BucketSummary[][] sums)
    {
        var scratch = new RecordBatchBuilder(target.Schema, 256);
        parts.AllLog(connection, (row, _) =>
        {
            if (!decoder.Decode(row, scratch))
                return;
            using RecordBatch batch = scratch.Build();
            for (int i = 0; i < fields.Length; i++)
                AddColumn(batch.Timestamps, batch.Column(fields[i]), grid, sums[i]);
        });
    }

    private static void AddColumn(ReadOnlySpan<long> times, Column column, BucketGrid grid, BucketSummary[] sums)
    {
        for (int row = 0; row < times.Length; row++)
        {
            if (times[row] < grid.Start || times[row] >= grid.End || !column.IsValid(row))
                continue;
            double value = column.Type switch
            {
                FieldType.Float64 => column.Values<double>()[row],
                FieldType.UInt64 => column.Values<ulong>()[row],
                FieldType.Boolean => column.Values<byte>()[row],
                _ => column.Values<long>()[row],
            };
            if (double.IsFinite(value))
                sums[grid.NumberOf(times[row]) - grid.First].Add(times[row], value);
        }
    }

    private void AddSegments(IReadOnlyList<Segment> segments, LogRowDecoder decoder, FeedRevision target, int[] fields, BucketGrid grid, BucketSummary[][] sums, CancellationToken cancellationToken)
    {
        var missing = new List<Segment>();
        var partly = new List<Segment>();
        foreach (Segment segment in segments)
        {
            if (grid.NumberOf(segment.Range.MaxTime) - grid.NumberOf(segment.Range.MinTime) >= MaxKeptBuckets)
                partly.Add(segment);
            else if (!fields.All(f => AddKept(segment, target.Columns[f], grid, sums[Array.IndexOf(fields, f)], add: false)))
                missing.Add(segment);
        }

        Compute(missing, decoder, target, fields, grid, whole: true, sums, cancellationToken);
        Compute(partly, decoder, target, fields, grid, whole: false, sums, cancellationToken);
        foreach (Segment segment in segments.Except(partly).Except(missing))
        {
            for (int i = 0; i < fields.Length; i++)
                AddKept(segment, target.Columns[fields[i]], grid, sums[i], add: true);
        }
    }

    private bool AddKept(Segment segment, string column, BucketGrid grid, BucketSummary[] sums, bool add)
    {
        if (!_kept.TryGet(segment.Id, column, grid.Width, out IReadOnlyList<(long Number, BucketSummary Bucket)> buckets))
            return false;
        foreach ((long number, BucketSummary bucket) in add ? buckets : [])
        {
            if (number >= grid.First && number < grid.First + grid.Count)
                sums[number - grid.First].Add(bucket);
        }

        return true;
    }

    private void Compute(List<Segment> segments, LogRowDecoder decoder, FeedRevision target, int[] fields, BucketGrid grid, bool whole, BucketSummary[][] sums, CancellationToken cancellationToken)
    {
        if (segments.Count == 0 || fields.Length == 0)
            return;
        const string Path = "\u0001path";
        var byPath = segments.ToDictionary(s => System.IO.Path.Combine(engine.FeedsFolder, s.Path), s => (Segment: s, Found: fields.Select(_ => new List<(long, BucketSummary)>()).ToArray()), StringComparer.Ordinal);
        string sources = string.Join(" UNION ALL BY NAME ", segments.GroupBy(s => s.Revision).Select(g => SegmentSql.Select(engine.FeedsFolder, g, decoder.MapOf(g.Key), target, Path)));
        string values = string.Concat(fields.Select((f, i) => string.Create(CultureInfo.InvariantCulture, $", CAST({Sql.Identifier(target.Columns[f])} AS DOUBLE) AS v{i}")));
        string finite = string.Concat(fields.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $", CASE WHEN isfinite(v{i}) THEN v{i} END AS v{i}")));
        string sum = string.Concat(fields.Select((_, i) => string.Create(
            CultureInfo.InvariantCulture,
            $", count(v{i}), min(v{i}), max(v{i}), sum(v{i}), min(t) FILTER (v{i} IS NOT NULL), arg_min(v{i}, t), max(t) FILTER (v{i} IS NOT NULL), arg_max(v{i}, t)")));
        string range = whole ? "" : string.Create(CultureInfo.InvariantCulture, $" WHERE {ColumnNames.Timestamp} >= {Sql.Instant(grid.Start)} AND {ColumnNames.Timestamp} < {Sql.Instant(grid.End)}");

        // Rounded down, also before 1970, where division would round up.
        string number = string.Create(CultureInfo.InvariantCulture, $"(t - (((t % {grid.Width}) + {grid.Width}) % {grid.Width})) // {grid.Width}");
        using QuerySession session = engine.Open();
        using DuckDbResult result = session.Connection.Query(
            $"SELECT p, {number} AS b{sum} FROM (SELECT p, t{finite} FROM (SELECT {Sql.Identifier(Path)} AS p, epoch_ns({ColumnNames.Timestamp}) AS t{values} FROM ({sources}){range})) GROUP BY ALL", cancellationToken);
        while (result.NextChunk() is { } chunk)
        {
            for (int row = 0; row < chunk.RowCount; row++)
            {
                (_, List<(long, BucketSummary)>[] found) = byPath[chunk[0].GetString(row)!];
                for (int i = 0; i < fields.Length; i++)
                {
                    int at = 2 + (i * 8);
                    if (chunk[at].GetInt64(row) is > 0 and long count)
                        found[i].Add((chunk[1].GetInt64(row), new BucketSummary(count, chunk[at + 1].GetDouble(row), chunk[at + 2].GetDouble(row), chunk[at + 3].GetDouble(row), chunk[at + 4].GetInt64(row), chunk[at + 5].GetDouble(row), chunk[at + 6].GetInt64(row), chunk[at + 7].GetDouble(row))));
                }
            }
        }

        foreach ((Segment segment, List<(long Number, BucketSummary Bucket)>[] found) in byPath.Values)
        {
            for (int i = 0; i < fields.Length; i++)
            {
                if (whole)
                    _kept.Put(segment.Id, target.Columns[fields[i]], grid.Width, found[i]);
                foreach ((long n, BucketSummary bucket) in found[i])
                {
                    if (n >= grid.First && n < grid.First + grid.Count)
                        sums[i][n - grid.First].Add(bucket);
                }
            }
        }
    }
}
