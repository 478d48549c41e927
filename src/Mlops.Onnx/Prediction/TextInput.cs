using System.Text;
using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Fills one tensor of texts from a column of records.</summary>
internal sealed class TextInput(string title, int input, OnnxValueInfo info, int column, TextRule rule) : IModelInput
{
    private readonly byte[]? _null = rule.Null is null ? null : Encoding.UTF8.GetBytes(rule.Null);
    private readonly bool _isFlat = info.Shape.Count == 1;

    public void Fill(OnnxCall call, RecordBatch batch)
    {
        Column texts = batch.Column(column);
        if (_isFlat)
            call.InputTexts(input, batch.Count);
        else
            call.InputTexts(input, batch.Count, 1);
        for (int row = 0; row < batch.Count; row++)
        {
            if (texts.IsValid(row))
                call.SetText(input, row, texts.Utf8(row));
            else if (_null is not null)
                call.SetText(input, row, _null);
            else
                throw new WorkflowException($"Workflow {title}: the input '{rule.Name}' is missing in row {row} of the batch, which the model does not take, like the code that trained it. Choose another 'fill' in workflow.yaml.");
        }
    }
}
