namespace Mlops.Workflows;

/// <summary>What a workflow answers: one of several classes, or named fields. Exactly one of the two is given.</summary>
public sealed record WorkflowOutput
{
    /// <summary>Gets the classes; <see langword="null"/> when the answer is fields. Empty: the classes of the training labels.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Gets the fields; <see langword="null"/> when the answer is a class.</summary>
    public IReadOnlyList<WorkflowInput>? Fields { get; init; }
}
