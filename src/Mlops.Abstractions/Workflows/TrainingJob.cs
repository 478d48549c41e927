using Mlops.Pictures;

namespace Mlops.Workflows;

/// <summary>One training as a runtime gets it.</summary>
/// <param name="Id">Id of the training, for names of processes and logs.</param>
/// <param name="Package">The package whose train is called.</param>
/// <param name="Data">What it learns from; stays the caller's to dispose.</param>
/// <param name="Parameters">The parameters, defaults filled in.</param>
/// <param name="ModelFolder">An empty folder into which the runtime puts the model's files.</param>
public sealed record TrainingJob(
    string Id,
    WorkflowPackage Package,
    TrainingData Data,
    IReadOnlyDictionary<string, object?> Parameters,
    string ModelFolder)
{
    /// <summary>Gets the records that were held out, with which the model is evaluated; <see langword="null"/> when there are none. Stays the caller's to dispose.</summary>
    public TrainingData? HeldOut { get; init; }

    /// <summary>Gets where the pictures are that records name; <see langword="null"/> when the host has none.</summary>
    public IPictures? Pictures { get; init; }
}
