namespace Mlops.Client;

/// <summary>A tensor that a model takes or gives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype"><c>BOOL</c>, <c>INT64</c>, <c>FP64</c> or <c>BYTES</c>.</param>
/// <param name="Shape">Its dimensions; -1 for any.</param>
public sealed record TensorShape(string Name, string Datatype, IReadOnlyList<long> Shape);
