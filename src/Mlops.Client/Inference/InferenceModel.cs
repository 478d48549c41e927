namespace Mlops.Client;

/// <summary>A model of the Open Inference Protocol.</summary>
/// <param name="Name">Its name: the id of a deployment.</param>
/// <param name="Versions">Its versions: the model that answers.</param>
/// <param name="Platform">What executes it.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
public sealed record InferenceModel(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorShape> Inputs,
    IReadOnlyList<TensorShape> Outputs);
