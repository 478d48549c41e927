using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>Asks for a deployment.</summary>
public sealed record DeploymentRequest
{
    /// <summary>Gets the workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>Gets the id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the feed each of whose records is answered, and whose fields have the inputs' names; <see langword="null"/> for that of the first of <see cref="Inputs"/>.</summary>
    public string? Feed { get; init; }

    /// <summary>Gets which feed field stands behind each input, where names differ or another feed gives it: its newest record that is not newer than the answered one and came before it.</summary>
    public IReadOnlyDictionary<string, FeedFieldReference>? Inputs { get; init; }

    /// <summary>Gets, where inputs come from several feeds, how much older than the answered record the record of another feed may be; inputs are missing where it is older.</summary>
    /// <value>By feed id, under <c>*</c> for all others; as in the model's training where nothing is said.</value>
    public IReadOnlyDictionary<string, TimeSpan>? Tolerance { get; init; }

    /// <summary>Gets whether every record is answered or only the newest.</summary>
    public Delivery Delivery { get; init; } = Delivery.Every;

    /// <summary>Gets the age, counted from acceptance, above which an answer is stored but not published.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets what is done with a missing value of an input; <see langword="null"/> for what the workflow's manifest says.</summary>
    public MissingValues? Fill { get; init; }

    /// <summary>Gets the time from which earlier records are answered as well; <see langword="null"/> for none.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the names under which answers appear on the databus; <see langword="null"/> for workflow and deployment id.</summary>
    public DeploymentOutput? Output { get; init; }

    /// <summary>Gets who wants it.</summary>
    public string? Author { get; init; }
}
