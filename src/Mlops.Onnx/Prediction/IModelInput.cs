using Mlops.Data;
using Mlops.Onnx.Sessions;

namespace Mlops.Onnx.Prediction;

/// <summary>Fills an input of a model from the columns of records. Allocates nothing.</summary>
internal interface IModelInput
{
    void Fill(OnnxCall call, RecordBatch batch);
}
