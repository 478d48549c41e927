using Mlops.Data;
using Mlops.Prediction.Inputs;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Workflows;
using Mlops.Workflows.Windows;

namespace Mlops.Training;

/// <summary>Cuts the windows of a training by the way that predictions go, and gives each its truth.</summary>
/// <remarks>
/// A window counts when the record it ends with was selected. Its other records count whether they were selected or not, since a
/// prediction sees them too. Where the newest or whole groups are held out, windows that lie in both parts count in neither.
/// </remarks>
internal sealed class TrainingWindows(IFeedStore store, IFeedReader reader, ILiveTail tail, TimeProvider clock)
{
    private const int ChunkRows = 4096;

    /// <summary>Cuts.</summary>
    /// <param name="manifest">The workflow's.</param>
    /// <param name="request">What was selected.</param>
    /// <param name="selected">The records; they stay the caller's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The windows; the caller disposes them.</returns>
    /// <exception cref="WorkflowException">The feeds give no windows, or an input holds no numbers.</exception>
    public async Task<SelectedData> CutAsync(WorkflowManifest manifest, SelectionRequest request, SelectedData selected, CancellationToken cancellationToken)
    {
        WorkflowWindow window = manifest.Window!;
        FeedSchema inputs = WindowSource.InputsOf(manifest.Name, selected.Data.Inputs.Fields);
        var truths = new SelectedTruths(selected, strict: request.Split is { HeldOut: > 0, Kind: SplitKind.Time or SplitKind.Group });
        using var seen = new WindowCollector(inputs, window, truths, isHeldOut: false);
        using var heldOut = new WindowCollector(inputs, window, truths, isHeldOut: true);
        IReadOnlyList<object>? defaults = manifest.Fill == MissingValues.Default ? InputMatch.Defaults(manifest, inputs) : null;
        WindowSource source = WindowSources.Open(window, PlanOf(manifest, request, inputs), manifest.Fill, defaults, store, reader, tail, clock);
        await using (source.ConfigureAwait(false))
        {
            var query = new FeedQuery { Feed = request.Feed, AfterPosition = truths.First - 1, ToPosition = reader.List().First(f => f.Schema.Feed == request.Feed).LastPosition };
            await foreach (RecordBatch batch in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                {
                    var chunk = new RecordBatchBuilder(batch.Schema, Math.Min(ChunkRows, batch.Count));
                    for (int row = 0; row < batch.Count; row += ChunkRows)
                    {
                        chunk.Append(batch, row, Math.Min(ChunkRows, batch.Count - row));
                        using RecordBatch records = chunk.Build();
                        foreach (CutWindow cut in await source.CutAsync([records], cancellationToken).ConfigureAwait(false))
                        {
                            seen.Add(cut);
                            heldOut.Add(cut);
                        }
                    }

                    // The last windows end with records behind those that were selected.
                    if (batch.Positions[^1] > truths.Last && IsBehind(batch, truths.Newest, window))
                        break;
                }
            }
        }

        return seen.Count > 0 ? new SelectedData(seen.Take(), selected.Snapshot) { HeldOut = heldOut.Count > 0 ? heldOut.Take() : null } : throw new WorkflowException(
            $"The {selected.Data.Rows} selected records of feed '{request.Feed}' make no window of workflow '{manifest.Name}' {manifest.Version}: a window needs {Describe(window)} without a pause"
            + $"{(manifest.Fill == MissingValues.Skip ? " and without a missing value" : "")}. Select more, or change window in workflow.yaml.");
    }

    private static string Describe(WorkflowWindow window) => window.Size is { } size ? $"{size.TotalSeconds:0.###} s" : $"{window.Rows} records";

    private static bool IsBehind(RecordBatch batch, long newest, WorkflowWindow window)
    {
        if (window.Size is not { } size)
            return true;
        long end = newest + ((size + window.Late + window.Hop!.Value).Ticks * TimeSpan.NanosecondsPerTick);
        foreach (long time in batch.Timestamps)
        {
            if (time > end)
                return true;
        }

        return false;
    }

    private InputPlan PlanOf(WorkflowManifest manifest, SelectionRequest request, FeedSchema inputs)
    {
        FeedSchema feed = store.Find(request.Feed)!;
        var fields = inputs.Fields.Select(f => f.Name).ToArray();
        foreach ((WorkflowInput input, string field) in (request.Inputs ?? []).Concat(request.Joins.SelectMany(j => j.Inputs)))
            fields[inputs.IndexOf(input.Name)] = field;
        return new InputPlan(inputs, feed, fields, [.. request.Joins.Select(j => new JoinedSource(j.Feed, [.. j.Inputs.Select(i => (inputs.IndexOf(i.Input.Name), i.Field))], j.Tolerance, request.MinimumQuality))]);
    }
}
