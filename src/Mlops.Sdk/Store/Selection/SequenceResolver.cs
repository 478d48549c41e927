using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Selection;

/// <summary>
/// Finds the records that labels mean by the asset's message number. Numbers restart, so several records may have one: with a time,
/// the record of that time is meant; without, the newest that had arrived when the label was stored, else the first after it.
/// </summary>
internal sealed class SequenceResolver(FeedStore store)
{
    /// <summary>Replaces sequences by positions.</summary>
    /// <returns>The labels in the same order; those whose record is not stored are left out.</returns>
    public async Task<IReadOnlyList<Label>> ResolveAsync(FeedEntry feed, IReadOnlyList<Label> labels, CancellationToken cancellationToken)
    {
        var bySequence = new Dictionary<long, List<(int Label, long Distance, long Position)>>();
        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i].Sequence is not { } sequence)
                continue;
            if (!bySequence.TryGetValue(sequence, out var waiting))
                bySequence.Add(sequence, waiting = []);
            waiting.Add((i, long.MaxValue, 0));
        }

        if (bySequence.Count == 0)
            return labels;
        var nothing = new ScanProjection(new FeedSchema(feed.Id, []), [], new ScanCondition($"{ColumnNames.Sequence} IS NOT NULL"));
        await foreach (RecordBatch batch in store.ReadAsync(feed, new FeedQuery { Feed = feed.Id }, nothing, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
                Compare(batch, labels, bySequence);
        }

        Dictionary<int, long> found = bySequence.Values.SelectMany(w => w).Where(w => w.Position > 0).ToDictionary(w => w.Label, w => w.Position);
        return [.. labels.Select((label, i) => label.Sequence is null ? label : found.TryGetValue(i, out long position) ? label with { Position = position } : null).OfType<Label>()];
    }

    private static void Compare(RecordBatch batch, IReadOnlyList<Label> labels, Dictionary<long, List<(int Label, long Distance, long Position)>> bySequence)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            if (!bySequence.TryGetValue(batch.Sequences[row], out var waiting))
                continue;
            for (int i = 0; i < waiting.Count; i++)
            {
                long distance = Distance(labels[waiting[i].Label], batch.Timestamps[row], batch.Received[row]);
                if (distance < waiting[i].Distance)
                    waiting[i] = (waiting[i].Label, distance, batch.Positions[row]);
            }
        }
    }

    // Records that arrived after the label are farther than any before it.
    private static long Distance(Label label, long time, long received)
    {
        if (label.Time is { } wanted)
            return wanted == time ? 0 : long.MaxValue;
        return received <= label.Created ? label.Created - received : (long.MaxValue / 2) + ((received - label.Created) / 2);
    }
}
