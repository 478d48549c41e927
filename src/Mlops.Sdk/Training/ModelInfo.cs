using Mlops.Data;
using Mlops.Metrics;

namespace Mlops.Training;

/// <summary>A model: immutable, with all that is needed to know where it came from.</summary>
public sealed record ModelInfo
{
    /// <summary>Gets its id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>Gets the workflow's version.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the digest of the package that trained it, SHA-256 in hex.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>Gets the digest over the model's files, SHA-256 in hex.</summary>
    public required string Digest { get; init; }

    /// <summary>Gets the id of the training that produced it, on the node where that ran.</summary>
    public required string Training { get; init; }

    /// <summary>Gets the folder with its files.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the inputs it learned from, in its order.</summary>
    public required IReadOnlyList<FeedField> Inputs { get; init; }

    /// <summary>Gets the classes it answers with; <see langword="null"/> when it answers with fields.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Gets what was selected for the training, so that it can be had again.</summary>
    public required DataSnapshot Data { get; init; }

    /// <summary>Gets the parameters of the training.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>Gets the metrics that the training's code reported.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Gets what the training took.</summary>
    public RunMeasurements? Measurements { get; init; }

    /// <summary>Gets versions of the runtime and its libraries.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets when it was stored.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets what was asked of the training: the selection, its bindings and parameters, and who asked.</summary>
    public TrainingRequest? Request { get; init; }

    /// <summary>Gets where it came from; <see langword="null"/> when it was trained here.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>Gets what it is meant for.</summary>
    public ModelStage Stage { get; init; }
}
