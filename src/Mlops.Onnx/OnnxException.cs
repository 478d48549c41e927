namespace Mlops.Onnx;

/// <summary>An error that ONNX Runtime reports. The message says what was being done, to which model, and the engine's reason.</summary>
public sealed class OnnxException : Exception
{
    private const int MaxReason = 1000;

    private OnnxException(string message, string errorType, string model) : base(message) => (ErrorType, Model) = (errorType, model);

    /// <summary>Gets the engine's name for the kind of error, for example <c>InvalidProtobuf</c>, <c>InvalidGraph</c>, <c>InvalidArgument</c>.</summary>
    public string ErrorType { get; }

    /// <summary>Gets the model it is about, as the one who loaded it named it; empty when it is about none.</summary>
    public string Model { get; }

    internal static OnnxException Of(int code, string reason, string model, string doing)
    {
        string type = code switch
        {
            2 => "InvalidArgument",
            3 => "NoSuchFile",
            4 => "NoModel",
            5 => "EngineError",
            6 => "RuntimeException",
            7 => "InvalidProtobuf",
            8 => "ModelLoaded",
            9 => "NotImplemented",
            10 => "InvalidGraph",
            11 => "ExecutionProviderFailed",
            _ => "Fail",
        };
        reason = reason.ReplaceLineEndings(" ").Trim();
        if (reason.Length > MaxReason)
            reason = string.Concat(reason.AsSpan(0, MaxReason), "…");
        string about = model.Length == 0 ? "" : $" of model '{model}'";
        string remedy = type is "InvalidProtobuf" or "InvalidGraph" or "NoModel" ? " The file is damaged or not an ONNX model: export it again." : "";
        return new OnnxException($"ONNX Runtime could not {doing}{about}: {type}: {reason}{remedy}", type, model);
    }

    internal static OnnxException Of(string reason, string model, string doing) => Of(2, reason, model, doing);
}
