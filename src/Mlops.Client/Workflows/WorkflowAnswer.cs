namespace Mlops.Client;

/// <summary>What a workflow answers.</summary>
/// <param name="Classes">The classes; empty for those of the training labels.</param>
/// <param name="Fields">The fields.</param>
public sealed record WorkflowAnswer(IReadOnlyList<string>? Classes = null, IReadOnlyList<WorkflowInputDetails>? Fields = null);
