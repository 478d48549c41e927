using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>The fields of a feed of predictions: first the answer, then what it is about.</summary>
internal static class PredictionSchema
{
    public const string Model = "model";
    public const string Error = "error";
    public const string SourceFeed = "source_feed";
    public const string SourceSeq = "source_seq";
    public const string SourceTs = "source_ts";
    public const string SourceRow = "source_row";
    public const string IngestMs = "ingest_ms";
    public const string ComputeMs = "compute_ms";

    /// <summary>Gets the fields behind the answer, in order.</summary>
    public static IReadOnlyList<FeedField> About { get; } =
    [
        new(Model, FieldType.Text),
        new(SourceFeed, FieldType.Text),
        new(SourceSeq, FieldType.Int64),
        new(SourceTs, FieldType.Timestamp),
        new(SourceRow, FieldType.Int64),
        new(IngestMs, FieldType.Float64) { Unit = "ms" },
        new(ComputeMs, FieldType.Float64) { Unit = "ms" },
        new(Error, FieldType.Text),
    ];

    /// <summary>Returns the fields for a workflow's answers.</summary>
    /// <exception cref="WorkflowException">An answer's field has a reserved name.</exception>
    public static IReadOnlyList<FeedField> For(string workflow, FeedSchema output)
    {
        if (output.Fields.FirstOrDefault(f => About.Any(a => a.Name == f.Name)) is { } taken)
        {
            throw new WorkflowException(
                $"Workflow '{workflow}': the output field '{taken.Name}' has a name that every feed of predictions uses itself. Rename it in workflow.yaml and raise the version.");
        }

        return [.. output.Fields, .. About];
    }

    /// <summary>Reads one stored answer.</summary>
    public static PredictionResult Read(RecordBatch batch, int row, DateTimeOffset? publishedAt)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (FeedField field in batch.Schema.Fields)
        {
            if (About.Any(a => a.Name == field.Name) && (field.Name != Error || !batch.Column(Error).IsValid(row)))
                continue;
            values[field.Name] = batch.Column(field.Name).GetValue(row);
        }

        Column seq = batch.Column(SourceSeq);
        Column ingest = batch.Column(IngestMs);
        return new PredictionResult(
            new PredictionSource(
                (string)batch.Column(SourceFeed).GetValue(row)!,
                seq.IsValid(row) ? seq.Values<long>()[row] : null,
                EpochTime.ToDateTimeOffset(batch.Column(SourceTs).Values<long>()[row]),
                batch.Column(SourceRow).Values<long>()[row]),
            values,
            (string)batch.Column(Model).GetValue(row)!,
            ingest.IsValid(row) ? ingest.Values<double>()[row] : null,
            batch.Column(ComputeMs).Values<double>()[row],
            publishedAt);
    }
}
