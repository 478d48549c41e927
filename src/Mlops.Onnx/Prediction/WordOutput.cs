using System.Text;
using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>A tensor of places in a list of words, as a text of the answers; -1 stands for none.</summary>
internal sealed class WordOutput(string title, int output, IReadOnlyList<string> words, int field) : IModelOutput
{
    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    public void Read(OnnxCall call, RecordBatchBuilder answers, int rows)
    {
        ReadOnlySpan<long> places = call.Output(output).Values<long>();
        for (int row = 0; row < rows; row++)
        {
            long place = places[row];
            if (place >= _words.Length || place < -1)
                throw new WorkflowException($"Workflow {title}: the model answered with class {place} of {_words.Length} in row {row} of the batch. Name all classes, in the model's order, in output.classes of workflow.yaml.");
            if (place >= 0)
                answers.SetTextAt(field, row, _words[place]);
        }
    }
}
