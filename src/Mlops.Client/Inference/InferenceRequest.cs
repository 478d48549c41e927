namespace Mlops.Client;

/// <summary>Asks a model for answers.</summary>
/// <param name="Inputs">A tensor for each input.</param>
/// <param name="Id">What the answer carries as well.</param>
/// <param name="Outputs">The outputs that are wanted; all where nothing is said.</param>
public sealed record InferenceRequest(IReadOnlyList<Tensor> Inputs, string? Id = null, IReadOnlyList<TensorChoice>? Outputs = null);
