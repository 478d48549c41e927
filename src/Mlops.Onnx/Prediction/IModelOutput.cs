using Mlops.Data;
using Mlops.Onnx.Sessions;

namespace Mlops.Onnx.Prediction;

/// <summary>Copies an output of a model into the answers.</summary>
internal interface IModelOutput
{
    void Read(OnnxCall call, RecordBatchBuilder answers, int rows);
}
