using Mlops.Workflows;

namespace Mlops.Store;

/// <summary>What a training wants to see.</summary>
internal sealed record SelectionRequest
{
    public required string Feed { get; init; }

    /// <summary>Gets the inputs with the feed field behind each; <see langword="null"/> for every field except the label.</summary>
    public IReadOnlyList<(WorkflowInput Input, string Field)>? Inputs { get; init; }

    public long? From { get; init; }

    public long? To { get; init; }

    public string? Filter { get; init; }

    /// <summary>Gets how many records at most: the newest.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets the label: a set of the feed's labels, else a field of the feed. Records without one are left out.</summary>
    public string? Label { get; init; }
}
