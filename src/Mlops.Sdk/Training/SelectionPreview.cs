using Mlops.Data;

namespace Mlops.Training;

/// <summary>What a training would learn from.</summary>
public sealed record SelectionPreview
{
    /// <summary>Gets the feed whose records are selected.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets how many records the training would see.</summary>
    public long Records { get; init; }

    /// <summary>Gets how many records would be held out.</summary>
    public long HeldOut { get; init; }

    /// <summary>Gets a value indicating whether only the newest records were looked at, because there are many.</summary>
    public bool Truncated { get; init; }

    /// <summary>Gets the time of the earliest record.</summary>
    public DateTimeOffset First { get; init; }

    /// <summary>Gets the time of the latest record.</summary>
    public DateTimeOffset Last { get; init; }

    /// <summary>Gets the inputs, in the model's order.</summary>
    public required IReadOnlyList<FeedField> Inputs { get; init; }

    /// <summary>Gets the label set or field that holds the truth; <see langword="null"/> without one.</summary>
    public string? Label { get; init; }

    /// <summary>Gets how many records each class has, the most frequent first; <see langword="null"/> where the label is no class.</summary>
    public IReadOnlyList<KeyValuePair<string, long>>? Classes { get; init; }

    /// <summary>Gets some of the newest records, newest first.</summary>
    public required IReadOnlyList<SelectedRow> Rows { get; init; }
}
