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
    private const int MaxAttempts = 3;

    public async Task<FeedChart> DownsampleAsync(ChartQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        FeedEntry feed = store.Catalog.Require(query.Feed);
        FeedRevision target = feed.Current.Only(Fields(query, feed.Current.Schema));
        if (query.To <= query.From)
            throw new ArgumentException($"The chart of feed '{feed.Id}' has an empty range. Give a 'from' that is earlier than 'to'.", nameof(query));
        if (query.Points is < 1 or > MaxPoints)
            throw new ArgumentException($"The chart of feed '{feed.Id}' is to have {query.Points} points. Give 1 to {MaxPoints}.", nameof(query));
        BucketGrid grid = BucketGrid.Of(query.From, query.To, query.Points);
        for (int attempt = 1; ; attempt++)
        {
            var drawing = new ChartDrawing(feed, target, grid);
            try
            {
                return await Task.Run(
                    () =>
                    {
                        // Before the catalog is read: the files that it names stay.
                        using IDisposable lease = engine.Leases.Take();
                        if (catalog.Read(drawing.Begin))
                            drawing.ReadFiles(engine, cancellationToken);
                        return drawing.Finish();
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            catch (DuckDbException e)
            {
                bool helped = false;
                foreach (Segment segment in drawing.Files)
                    helped |= await store.SetAside.SegmentIfBrokenAsync(feed, segment).ConfigureAwait(false);
                if (!helped || attempt == MaxAttempts)
                    throw new IOException($"Reading feed '{feed.Id}' for a chart failed: {FilterExpression.Reason(e)}. It is not known to be broken; try again.", e);
            }
            finally
            {
                await drawing.SetBrokenAsideAsync(store.SetAside).ConfigureAwait(false);
                await KeepAsync(drawing.Made).ConfigureAwait(false);
            }
        }
    }

    private static int[] Fields(ChartQuery query, FeedSchema schema)
    {
        if (query.Fields is null)
            return [.. Enumerable.Range(0, schema.Fields.Count).Where(i => SegmentSummaries.IsNumber(schema.Fields[i].Type)).Take(MaxFields)];
        if (query.Fields.Count > MaxFields)
            throw new ArgumentException($"The chart of feed '{schema.Feed}' is to have {query.Fields.Count} fields. Give at most {MaxFields}.", nameof(query));
        var fields = new List<int>();
        foreach (string name in query.Fields.Distinct(StringComparer.Ordinal))
        {
            int index = schema.IndexOf(name);
            if (index < 0 || !SegmentSummaries.IsNumber(schema.Fields[index].Type))
            {
                throw new ArgumentException(
                    $"Feed '{schema.Feed}' has {(index < 0 ? $"no field '{name}'" : $"no numbers in the field '{name}', which is {schema.Fields[index].Type}")}. Its fields with numbers: {string.Join(", ", schema.Fields.Where(f => SegmentSummaries.IsNumber(f.Type)).Select(f => f.Name))}.", nameof(query));
            }

            fields.Add(index);
        }

        return [.. fields];
    }

    private async Task KeepAsync(IReadOnlyList<(long Segment, string Field, FieldSummary Summary)> made)
    {
        if (made.Count == 0)
            return;
        try
        {
            await catalog.WriteAsync(connection =>
            {
                foreach ((long segment, string field, FieldSummary summary) in made)
                    SegmentSummaries.Insert(connection, segment, [(field, summary)]);
            }).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The disk refuses, of which the store speaks itself. The chart is whole; the next one reads the files once more.
        }
    }
}
