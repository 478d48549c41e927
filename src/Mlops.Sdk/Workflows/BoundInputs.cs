namespace Mlops.Workflows;

/// <summary>A workflow's inputs on feeds.</summary>
/// <param name="Feed">Id of the feed whose records are selected.</param>
/// <param name="Inputs">Its inputs with the field behind each; <see langword="null"/> for every field except the label.</param>
internal sealed record BoundInputs(string Feed, IReadOnlyList<(WorkflowInput Input, string Field)>? Inputs)
{
    /// <summary>Gets the inputs that other feeds give, joined on time.</summary>
    public IReadOnlyList<(string Feed, IReadOnlyList<(WorkflowInput Input, string Field)> Inputs)> Joined { get; init; } = [];
}
