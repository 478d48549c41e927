namespace Mlops.Onnx.Sessions;

/// <summary>What an input or output is, numbered as in ONNX Runtime.</summary>
public enum OnnxValueKind
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A tensor.</summary>
    Tensor = 1,

    /// <summary>A sequence of values, for example of maps.</summary>
    Sequence = 2,

    /// <summary>A map: two tensors of equal length, keys and values.</summary>
    Map = 3,

    /// <summary>A type of a library of its own.</summary>
    Opaque = 4,

    /// <summary>A sparse tensor.</summary>
    SparseTensor = 5,

    /// <summary>A value that may be missing.</summary>
    Optional = 6,
}
