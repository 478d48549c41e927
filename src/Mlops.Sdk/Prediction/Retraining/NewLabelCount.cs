using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Labelling;
using Mlops.Store.Queries;
using Mlops.Training;

namespace Mlops.Prediction.Retraining;

/// <summary>Counts the labels that have come since a moment: of a label set, or of a field of the feed that holds the truth.</summary>
internal sealed class NewLabelCount(NodeDatabase database, IFeedStore store, IFeedReader reader)
{
    // A field is read once: what was counted up to where, by trigger.
    private readonly Dictionary<string, (LabelMark Mark, long Position, long Count)> _counted = new(StringComparer.Ordinal);

    /// <summary>Returns this moment.</summary>
    public LabelMark Now(string? feed) => new(database.Read(LabelRows.Newest).Label, feed is null ? 0 : LastPosition(feed));

    /// <summary>Counts; called by one at a time.</summary>
    public async Task<long> SinceAsync(string trigger, LabelMark mark, TrainingPlan plan, CancellationToken cancellationToken)
    {
        (string feed, string label) = (plan.Selection.Feed, plan.Selection.Label!);
        bool isField = store.Find(feed) is { } schema && schema.IndexOf(label) >= 0;
        return isField && database.Read(db => LabelRows.List(db, feed, label, 1)).Count == 0
            ? await RecordsAsync(trigger, mark, feed, label, cancellationToken).ConfigureAwait(false)
            : database.Read(db => LabelRows.CountAfter(db, feed, label, mark.Label));
    }

    private async Task<long> RecordsAsync(string trigger, LabelMark mark, string feed, string field, CancellationToken cancellationToken)
    {
        (LabelMark Mark, long Position, long Count) counted = _counted.TryGetValue(trigger, out var known) && known.Mark == mark ? known : (mark, mark.Position, 0);
        long last = LastPosition(feed);
        if (last > counted.Position)
        {
            var query = new FeedQuery { Feed = feed, AfterPosition = counted.Position, ToPosition = last, Filter = $"{Sql.Identifier(field)} IS NOT NULL" };
            await foreach (RecordBatch batch in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                    counted.Count += batch.Count;
            }

            counted.Position = last;
        }

        _counted[trigger] = counted;
        return counted.Count;
    }

    private long LastPosition(string feed) => reader.List().FirstOrDefault(f => f.Schema.Feed == feed)?.LastPosition ?? 0;
}
