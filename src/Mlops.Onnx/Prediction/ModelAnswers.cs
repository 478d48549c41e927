using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Makes a batch of answers from the outputs of a model.</summary>
internal sealed class ModelAnswers(WorkflowManifest manifest, IReadOnlyList<IModelOutput> outputs, int validOutput)
{
    private readonly RecordBatchBuilder _builder = new(AnswerSchema.Of(manifest));

    private readonly int _rowsEach = manifest.Window?.Rows ?? 1;

    public FeedSchema Schema => _builder.Schema;

    /// <summary>Copies as many answers as the batch has records or windows, each under its record's time.</summary>
    /// <exception cref="WorkflowException">The model refuses a record, or answers with another number of rows.</exception>
    public RecordBatch Read(OnnxCall call, RecordBatch batch)
    {
        if (batch.Count > 0 && validOutput >= 0 && call.Output(validOutput).Values<bool>().IndexOf(false) is var refused and >= 0)
        {
            throw new WorkflowException(
                $"Workflow {Title}: row {refused} of the batch holds a value that training never saw in an input of categories, which the model does not take, like the code that trained it. Let the encoder ignore unknown values (handle_unknown), and train again.");
        }

        int rows = batch.Count / _rowsEach;
        _builder.AppendRows(rows);
        for (int row = 0; row < rows; row++)
            _builder.Timestamps[row] = batch.Timestamps[((row + 1) * _rowsEach) - 1];
        try
        {
            for (int i = 0; rows > 0 && i < outputs.Count; i++)
                outputs[i].Read(call, _builder, rows);
            return _builder.Build();
        }
        catch
        {
            // Rows that were begun must not appear in the next batch.
            _builder.Truncate(0);
            throw;
        }
    }

    private string Title => $"'{manifest.Name}' {manifest.Version}";
}
