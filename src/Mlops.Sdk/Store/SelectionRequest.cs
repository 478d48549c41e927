using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Store;

/// <summary>What a training wants to see.</summary>
internal sealed record SelectionRequest
{
    /// <summary>Gets the feed whose records are selected; each gives one row.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets the inputs with the feed field behind each; <see langword="null"/> for every field except the label.</summary>
    public IReadOnlyList<(WorkflowInput Input, string Field)>? Inputs { get; init; }

    /// <summary>Gets the feeds whose newest record at the time of each selected record gives further inputs, which come behind <see cref="Inputs"/>.</summary>
    public IReadOnlyList<JoinedFeed> Joins { get; init; } = [];

    public long? From { get; init; }

    public long? To { get; init; }

    public string? Filter { get; init; }

    /// <summary>Gets the worst quality that counts, in every feed.</summary>
    public byte MinimumQuality { get; init; }

    /// <summary>Gets how many records at most: the newest.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets the label: a set of the feed's labels, else a field of the feed. Records without one are left out.</summary>
    public string? Label { get; init; }

    /// <summary>Gets the sources of labels in the order of preference; <see langword="null"/> for <see cref="StoreOptions.LabelSources"/>.</summary>
    public IReadOnlyList<string>? LabelSources { get; init; }

    /// <summary>Gets the authors of labels in the order of preference; among labels of equally preferred sources.</summary>
    public IReadOnlyList<string> LabelAuthors { get; init; } = [];

    /// <summary>Gets how many records of each class are kept.</summary>
    public ClassBalance? Balance { get; init; }

    /// <summary>Gets which records are held out.</summary>
    public SplitRule? Split { get; init; }

    /// <summary>Gets up to where a recorded selection saw; <see langword="null"/> for what is there now.</summary>
    public SelectionHorizon? Horizon { get; init; }
}
