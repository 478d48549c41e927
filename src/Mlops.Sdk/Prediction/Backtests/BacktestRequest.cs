using Mlops.Workflows;

namespace Mlops.Prediction.Backtests;

/// <summary>Asks how a model would have answered stored records. Nothing is published or stored but the result.</summary>
public sealed record BacktestRequest
{
    /// <summary>Gets the id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the id of the model that it is compared with; <see langword="null"/> for the production model of <see cref="Deployment"/>, if that is given.</summary>
    public string? Against { get; init; }

    /// <summary>Gets the deployment whose feed, bindings and production model are meant where they are not given.</summary>
    public string? Deployment { get; init; }

    /// <summary>Gets the feed whose records are answered, and whose fields have the inputs' names.</summary>
    public string? Feed { get; init; }

    /// <summary>Gets which feed field stands behind each input, where names differ or another feed gives it, as <see cref="DeploymentRequest.Inputs"/>.</summary>
    public IReadOnlyDictionary<string, FeedFieldReference>? Inputs { get; init; }

    /// <summary>Gets how much older records of other feeds may be, as <see cref="DeploymentRequest.Tolerance"/>.</summary>
    public IReadOnlyDictionary<string, TimeSpan>? Tolerance { get; init; }

    /// <summary>Gets what is done with a missing value of an input; <see langword="null"/> for what the deployment or the manifest says.</summary>
    public MissingValues? Fill { get; init; }

    /// <summary>Gets the earliest time of records, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the latest time of records, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets a pure SQL expression over the feed's fields that records must meet.</summary>
    public string? Filter { get; init; }

    /// <summary>Gets how many records at most, the newest ones.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets the label set or label column; <see langword="null"/> for the one that the model learned from.</summary>
    public string? Labels { get; init; }

    /// <summary>Gets a value indicating whether only the records are meant that the model's training held out; then range, filter, limit and labels are those of the training.</summary>
    public bool HeldOut { get; init; }

    /// <summary>Gets a value indicating whether it is found how much the answers of the model depend on each input.</summary>
    /// <value>Needs labels. The first <c>2,000</c> labelled records are asked again once for each input.</value>
    public bool Importance { get; init; }

    /// <summary>Gets who wants it.</summary>
    public string? Author { get; init; }
}
