using Mlops.Store.Selection;

namespace Mlops.Workflows;

/// <summary>The content of <c>workflow.yaml</c>, with defaults filled in.</summary>
public sealed record WorkflowManifest
{
    /// <summary>Gets the name: lower case letters, digits and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>Gets what it does, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Gets the kind of runtime: <c>python</c> or another that is registered.</summary>
    public required string Runtime { get; init; }

    /// <summary>Gets the inputs; <see langword="null"/> stands for <c>"*"</c>: every column except the label.</summary>
    public IReadOnlyList<WorkflowInput>? Inputs { get; init; }

    /// <summary>Gets the column or label set that holds the truth; <see langword="null"/> for unsupervised workflows.</summary>
    public string? Label { get; init; }

    /// <summary>Gets what it answers.</summary>
    public required WorkflowOutput Output { get; init; }

    /// <summary>Gets the parameters of training with their defaults: string, long, double, bool or null.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>Gets how missing values of an input are treated.</summary>
    public MissingValues Fill { get; init; } = MissingValues.Last;

    /// <summary>Gets how records are put together into windows; <see langword="null"/> when each record is answered by itself.</summary>
    public WorkflowWindow? Window { get; init; }

    /// <summary>Gets a value indicating whether the author asks for a process of its own even when trusted.</summary>
    public bool Isolated { get; init; }

    /// <summary>Gets how long a training may take.</summary>
    public TimeSpan TrainTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Gets how long one predict call may take.</summary>
    public TimeSpan PredictTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the file of the package with input rows and expected output; <see langword="null"/> when there is none.</summary>
    public string? Golden { get; init; }

    /// <summary>Gets the file of the package with a few rows to train on when it is uploaded; <see langword="null"/> when there is none.</summary>
    public string? Sample { get; init; }

    /// <summary>Gets the libraries that it needs beside its own files, each a name with versions such as <c>scikit-learn&gt;=1.2</c>.</summary>
    public IReadOnlyList<string> Requirements { get; init; } = [];

    /// <summary>Gets which records a training holds out where its request does not say; <see langword="null"/> for none.</summary>
    public SplitRule? Split { get; init; }
}
