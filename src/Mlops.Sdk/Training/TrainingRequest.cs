using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Asks for a training.</summary>
public sealed record TrainingRequest
{
    /// <summary>Gets the workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>Gets its version; <see langword="null"/> for the newest.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the feed whose fields have the inputs' names; or <see cref="Inputs"/> says more.</summary>
    public string? Feed { get; init; }

    /// <summary>Gets which feed field stands behind each input, where names differ.</summary>
    public IReadOnlyDictionary<string, FeedFieldReference>? Inputs { get; init; }

    /// <summary>Gets the earliest time of records, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the latest time of records, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets a pure SQL expression over the feed's fields that records must meet.</summary>
    public string? Filter { get; init; }

    /// <summary>Gets how many records at most, the newest ones.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets the label set or label column; <see langword="null"/> for the one the manifest names.</summary>
    public string? Labels { get; init; }

    /// <summary>Gets, where inputs come from several feeds, how much older than the record of <see cref="Feed"/> the record of another feed may be; inputs are null where it is older.</summary>
    /// <value>By feed id, under <c>*</c> for all others; any age where nothing is said.</value>
    public IReadOnlyDictionary<string, TimeSpan>? Tolerance { get; init; }

    /// <summary>Gets the worst quality that counts: 0 (all) to 3.</summary>
    public byte MinimumQuality { get; init; }

    /// <summary>Gets the sources of labels in the order of preference; <see langword="null"/> for <c>Mlops:Store:LabelSources</c>.</summary>
    public IReadOnlyList<string>? LabelSources { get; init; }

    /// <summary>Gets the authors of labels in the order of preference.</summary>
    public IReadOnlyList<string>? LabelAuthors { get; init; }

    /// <summary>Gets how many records of each class are kept; <see langword="null"/> for all.</summary>
    public ClassBalance? Balance { get; init; }

    /// <summary>Gets which of the selected records are held out: the training does not see them, <c>evaluate</c> measures with them, and the model's data says how many they are; <see langword="null"/> for what the package says, a part of 0 for none.</summary>
    public SplitRule? Split { get; init; }

    /// <summary>Gets parameters that replace the manifest's defaults.</summary>
    public IReadOnlyDictionary<string, object?>? Params { get; init; }

    /// <summary>Gets the id of the retraining that asks for it; <see langword="null"/> when somebody else does.</summary>
    public string? Retraining { get; init; }

    /// <summary>Gets who wants it.</summary>
    public string? Author { get; init; }
}
