using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;
using Mlops.Store.Selection;

namespace Mlops.Prediction.Quality;

/// <summary>Finds the records that labels are about.</summary>
internal sealed class LabelledRecords(FeedStore store)
{
    private const int MaxRecords = 100_000;

    /// <summary>Finds the truth for records; the newest label of a record counts.</summary>
    /// <param name="feedId">Id of the labelled feed.</param>
    /// <param name="labels">Labels, oldest first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The labels by position, at most a hundred thousand; and the positions of those that name records by the asset's number.</returns>
    public async Task<(Dictionary<long, string> Truths, Dictionary<Label, long> Numbered)> FindAsync(string feedId, IReadOnlyList<Label> labels, CancellationToken cancellationToken)
    {
        FeedEntry feed = store.Catalog.Require(feedId);
        IReadOnlyList<Label> newestFirst = [.. labels.Reverse()];
        var found = new Dictionary<long, string>();
        IReadOnlyList<Label> resolved = await new SequenceResolver(store).ResolveAsync(feed, newestFirst, cancellationToken).ConfigureAwait(false);
        var numbered = new Dictionary<Label, long>();
        foreach (Label label in resolved.Where(l => l.Sequence is not null))
            numbered.TryAdd(label with { Position = null }, label.Position!.Value);
        if (resolved.All(l => l.Position is not null))
        {
            foreach (Label label in resolved)
                found.TryAdd(label.Position!.Value, label.Value);
            return (found, numbered);
        }

        var index = new LabelIndex(resolved, feed.Current.Schema);
        FeedRevision revision = feed.Current;
        var keys = new ScanProjection(
            new FeedSchema(feedId, index.KeyFields.Select((name, i) => new FeedField($"key{i}", revision.Schema.Fields[revision.Schema.IndexOf(name)].Type))),
            [.. index.KeyFields.Select(name => ScanColumn.Of(revision, revision.Schema.IndexOf(name)))]);
        var query = new FeedQuery { Feed = feedId, Descending = true };
        if (resolved.All(l => l.From is not null))
            query = query with { From = resolved.Min(l => l.From), To = resolved.Max(l => l.To) };
        await foreach (RecordBatch batch in store.ReadAsync(feed, query, keys, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count && found.Count < MaxRecords; row++)
                {
                    if (index.TryFind(batch, row, out ReadOnlySpan<byte> value))
                        found[batch.Positions[row]] = System.Text.Encoding.UTF8.GetString(value);
                }
            }

            if (found.Count >= MaxRecords)
                break;
        }

        return (found, numbered);
    }
}
