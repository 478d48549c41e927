namespace Mlops.Client;

/// <summary>Asks how a model would have answered stored records.</summary>
/// <param name="Model">The model.</param>
/// <param name="Against">The model that it is compared with.</param>
/// <param name="Deployment">The deployment whose feed, bindings and model are meant where they are not given.</param>
/// <param name="Feed">The feed whose fields have the inputs' names.</param>
/// <param name="Inputs">Which feed field stands behind each input.</param>
/// <param name="Fill">What is done with missing values.</param>
/// <param name="From">Earliest time of records, inclusive.</param>
/// <param name="To">Latest time of records, exclusive.</param>
/// <param name="Filter">A pure SQL expression that records must meet.</param>
/// <param name="Limit">How many records at most, the newest ones.</param>
/// <param name="Labels">The label set or label column.</param>
/// <param name="HeldOut">Whether only the records are meant that the model's training held out.</param>
/// <param name="Importance">Whether it is found how much the answers depend on each input.</param>
/// <param name="Tolerance">How much older records of other feeds may be, by feed, under <c>*</c> for all others.</param>
public sealed record BacktestStart(
    string Model,
    string? Against = null,
    string? Deployment = null,
    string? Feed = null,
    IReadOnlyDictionary<string, FieldReference>? Inputs = null,
    string? Fill = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Filter = null,
    long? Limit = null,
    string? Labels = null,
    bool HeldOut = false,
    bool Importance = false,
    IReadOnlyDictionary<string, TimeSpan>? Tolerance = null);
