namespace Mlops.Onnx.Sessions;

/// <summary>How a model is loaded.</summary>
public sealed class OnnxSessionOptions
{
    /// <summary>Gets the execution providers to use where they are present, the preferred one first, by ONNX Runtime's names (<c>CUDAExecutionProvider</c>) or without their ending (<c>CUDA</c>). What none of them can do, the processor does.</summary>
    /// <value>None: the processor.</value>
    public IList<string> Providers { get; } = [];
}
