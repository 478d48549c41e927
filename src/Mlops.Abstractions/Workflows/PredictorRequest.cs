using Mlops.Data;
using Mlops.Pictures;

namespace Mlops.Workflows;

/// <summary>Asks a runtime to load a model.</summary>
/// <param name="Package">The package whose predict is called.</param>
/// <param name="ModelFolder">The model's files as training left them.</param>
/// <param name="Inputs">The schema of the batches to come: the inputs that the model recorded, in its order.</param>
/// <param name="Classes">The classes that the training recorded; <see langword="null"/> when it answers with fields.</param>
/// <param name="MaxRows">The largest batch that will be asked for.</param>
public sealed record PredictorRequest(
    WorkflowPackage Package,
    string ModelFolder,
    FeedSchema Inputs,
    IReadOnlyList<string>? Classes,
    int MaxRows)
{
    /// <summary>Gets a value indicating whether the model is only tried: the predictor answers a few batches and is disposed.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Gets where the pictures are that records name; <see langword="null"/> when the host has none.</summary>
    public IPictures? Pictures { get; init; }
}
