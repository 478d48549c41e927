namespace Mlops.Workflows;

/// <summary>What a runtime says of a model it has trained; the files are in the job's folder.</summary>
/// <param name="Classes">The classes it answers with, in the order of its probabilities; <see langword="null"/> when it answers with fields.</param>
/// <param name="Environment">Versions of the runtime and its libraries, for the model's record.</param>
/// <param name="Phases">Seconds of the parts of the training, by name (for example <c>start</c>, <c>train</c>, <c>save</c>).</param>
public sealed record TrainedModel(
    IReadOnlyList<string>? Classes,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, double> Phases);
