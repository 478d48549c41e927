using System.Diagnostics;
using System.Text;
using Mlops.Data;

namespace Mlops.Prediction;

/// <summary>Puts answers and what they are about into batches of a feed of predictions.</summary>
internal sealed class AnswerBuilder(FeedSchema schema)
{
    private static readonly double MillisecondsPerTick = 1000.0 / Stopwatch.Frequency;
    private readonly RecordBatchBuilder _builder = new(schema);
    private readonly int _model = schema.IndexOf(PredictionSchema.Model);
    private readonly int _feed = schema.IndexOf(PredictionSchema.SourceFeed);
    private readonly int _seq = schema.IndexOf(PredictionSchema.SourceSeq);
    private readonly int _ts = schema.IndexOf(PredictionSchema.SourceTs);
    private readonly int _row = schema.IndexOf(PredictionSchema.SourceRow);
    private readonly int _ingest = schema.IndexOf(PredictionSchema.IngestMs);
    private readonly int _compute = schema.IndexOf(PredictionSchema.ComputeMs);
    private readonly int _error = schema.IndexOf(PredictionSchema.Error);
    private byte[] _modelText = [];
    private byte[] _feedText = [];
    private string _modelName = "";
    private string _feedName = "";

    public FeedSchema Schema => schema;

    public int Count => _builder.Count;

    /// <summary>Adds one answer.</summary>
    /// <param name="source">The answered record. Its acceptance becomes the answer's, from which its age counts.</param>
    /// <param name="model">Id of the model.</param>
    /// <param name="answers">The predictor's output, or null when the code could not answer.</param>
    /// <param name="answerRow">Row of the answer.</param>
    /// <param name="called">Monotonic tick at which the predictor was called.</param>
    /// <param name="computeMs">Milliseconds of the call.</param>
    /// <param name="error">Why there is no answer.</param>
    public void Add(in SourceRow source, string model, RecordBatch? answers, int answerRow, long called, double computeMs, string? error)
    {
        RecordBatch records = source.Batch;
        _builder.BeginRow(records.Timestamps[source.Row], records.Received[source.Row], records.Arrivals[source.Row]);
        _builder.AddQuality(records.Qualities[source.Row]);
        if (answers is not null)
        {
            for (int i = 0; i < answers.Schema.Fields.Count; i++)
                Copy(schema.IndexOf(answers.Schema.Fields[i].Name), answers.Column(i), answerRow);
        }

        _builder.SetText(_model, Encode(model, ref _modelName, ref _modelText));
        _builder.SetText(_feed, Encode(records.Schema.Feed, ref _feedName, ref _feedText));
        if (records.Sequences[source.Row] != RecordBatch.NoSequence)
            _builder.SetInt64(_seq, records.Sequences[source.Row]);
        _builder.SetInstant(_ts, records.Timestamps[source.Row]);
        _builder.SetInt64(_row, source.Position);
        if (records.Arrivals[source.Row] != 0)
            _builder.SetFloat64(_ingest, Math.Max(0, (called - records.Arrivals[source.Row]) * MillisecondsPerTick));
        _builder.SetFloat64(_compute, computeMs);
        if (error is not null)
            _builder.SetText(_error, Encoding.UTF8.GetBytes(error));
        _builder.EndRow();
    }

    /// <summary>Hands the answers out.</summary>
    public RecordBatch Build(long firstPosition) => _builder.Build(firstPosition);

    private static byte[] Encode(string text, ref string known, ref byte[] utf8)
    {
        if (!ReferenceEquals(text, known))
        {
            utf8 = Encoding.UTF8.GetBytes(text);
            known = text;
        }

        return utf8;
    }

    // A model that takes over in the middle of a batch may have fields that this batch does not.
    private void Copy(int target, Column column, int row)
    {
        if (target >= 0 && column.IsValid(row))
            _builder.Copy(target, column, row);
    }
}
