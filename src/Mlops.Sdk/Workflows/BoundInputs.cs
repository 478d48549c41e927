namespace Mlops.Workflows;

/// <summary>A workflow's inputs on a feed.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Inputs">The inputs with the field behind each; <see langword="null"/> for every field except the label.</param>
internal sealed record BoundInputs(string Feed, IReadOnlyList<(WorkflowInput Input, string Field)>? Inputs);
