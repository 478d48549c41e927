namespace Mlops.Onnx.Sessions;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ElementType">Type of its elements when it is a tensor.</param>
/// <param name="Shape">Its dimensions when it is a tensor; -1 where any size will do.</param>
public sealed record OnnxValueInfo(string Name, OnnxValueKind Kind, OnnxElementType ElementType, IReadOnlyList<long> Shape)
{
    /// <inheritdoc/>
    public override string ToString() => Kind != OnnxValueKind.Tensor
        ? $"'{Name}' ({Kind})"
        : $"'{Name}' ({ElementType} [{string.Join(", ", Shape.Select(d => d < 0 ? "any" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}])";
}
