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

    /// <summary>Gets parameters that replace the manifest's defaults.</summary>
    public IReadOnlyDictionary<string, object?>? Params { get; init; }
}
