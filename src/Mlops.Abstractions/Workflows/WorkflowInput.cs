namespace Mlops.Workflows;

/// <summary>One input that a workflow's manifest declares.</summary>
/// <param name="Name">Name under which the code sees it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Unit">Its unit; <see langword="null"/> when any will do.</param>
public sealed record WorkflowInput(string Name, InputType Type, string? Unit = null)
{
    /// <summary>Gets the value that stands for a missing one where missing values are filled by defaults: string, long, double or bool; <see langword="null"/> when none is declared.</summary>
    public object? Default { get; init; }
}
