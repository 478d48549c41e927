using System.Globalization;
using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Shows what a training would learn from: selects as it would, but at most some hundred thousand of the newest records.</summary>
internal sealed class SelectionPreviewer(TrainingPlanner planner, ITrainingSelection selection)
{
    private const int MaxRecords = 200_000;
    private const int MaxClasses = 100;
    private const int MaxRows = 10;

    /// <exception cref="WorkflowException">The request cannot work, or selects nothing.</exception>
    public async Task<SelectionPreview> PreviewAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        TrainingPlan plan = planner.Plan(request with { Params = ParameterBinding.Normalize(request.Params) });
        bool capped = plan.Selection.Limit is not { } limit || limit > MaxRecords;
        SelectionRequest wanted = capped ? plan.Selection with { Limit = MaxRecords } : plan.Selection;
        using SelectedData selected = await selection.SelectAsync(wanted, cancellationToken).ConfigureAwait(false);
        TrainingData data = selected.Data;
        (long first, long last) = Span(data);
        return new SelectionPreview
        {
            Feed = selected.Snapshot.Feed,
            Records = data.Rows,
            HeldOut = selected.Snapshot.HeldOut,
            Truncated = capped && data.Rows + selected.Snapshot.HeldOut >= MaxRecords,
            First = EpochTime.ToDateTimeOffset(first),
            Last = EpochTime.ToDateTimeOffset(last),
            Inputs = data.Inputs.Fields,
            Label = plan.Selection.Label,
            Classes = plan.Package.Manifest.Output.Classes is null || data.LabelType is null ? null : Classes(data),
            Rows = [.. Newest(data)],
        };
    }

    private static (long First, long Last) Span(TrainingData data)
    {
        (long first, long last) = (long.MaxValue, long.MinValue);
        foreach (RecordBatch batch in data.Batches)
        {
            foreach (long time in batch.Timestamps)
                (first, last) = (Math.Min(first, time), Math.Max(last, time));
        }

        return (first, last);
    }

    private static List<KeyValuePair<string, long>> Classes(TrainingData data)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (RecordBatch batch in data.Batches)
        {
            Column labels = batch.Column(batch.Schema.Fields.Count - 1);
            for (int row = 0; row < batch.Count; row++)
            {
                string name = Text(labels.GetValue(row));
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MaxClasses)];
    }

    private static IEnumerable<SelectedRow> Newest(TrainingData data)
    {
        int wanted = MaxRows;
        foreach (RecordBatch batch in data.Batches.Reverse())
        {
            for (int row = batch.Count - 1; row >= 0 && wanted > 0; row--, wanted--)
            {
                int at = row;
                yield return new SelectedRow(
                    EpochTime.ToDateTimeOffset(batch.Timestamps[row]),
                    data.Inputs.Fields.Select((f, i) => (f.Name, Value: batch.Column(i).GetValue(at))).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal),
                    data.LabelType is null ? null : batch.Column(batch.Schema.Fields.Count - 1).GetValue(row));
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
