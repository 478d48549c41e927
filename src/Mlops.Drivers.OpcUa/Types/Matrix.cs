namespace Mlops.Drivers.OpcUa.Types;

/// <summary>An array of several dimensions.</summary>
/// <param name="Elements">All elements; the last dimension changes fastest.</param>
/// <param name="Dimensions">Length of each dimension.</param>
public sealed record Matrix(Array Elements, IReadOnlyList<int> Dimensions);
