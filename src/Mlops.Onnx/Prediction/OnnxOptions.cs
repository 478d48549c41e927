using System.ComponentModel.DataAnnotations;

namespace Mlops.Onnx.Prediction;

/// <summary>How ONNX models run, section <c>Mlops:Onnx</c>.</summary>
public sealed class OnnxOptions
{
    /// <summary>Gets or sets how many threads work on one operator, for all models together.</summary>
    /// <value>Default 1: small models gain nothing by more, and forests lose.</value>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>Gets the execution providers to use where they are present, the preferred one first, for example <c>CUDA</c>.</summary>
    /// <value>Default none: the processor.</value>
    public IList<string> Providers { get; } = [];
}
