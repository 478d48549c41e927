using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>Asks for a training.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Version">Its version; the newest where nothing is said.</param>
/// <param name="Feed">The feed whose fields have the inputs' names.</param>
/// <param name="Inputs">Which feed field stands behind each input, where names differ.</param>
/// <param name="From">Earliest time of records, inclusive.</param>
/// <param name="To">Latest time of records, exclusive.</param>
/// <param name="Filter">A pure SQL expression over the feed's fields that records must meet.</param>
/// <param name="Limit">How many records at most, the newest ones.</param>
/// <param name="Labels">The label set or label column; the one the manifest names where nothing is said.</param>
/// <param name="Params">Parameters that replace the manifest's defaults.</param>
/// <param name="MinimumQuality">The worst quality that counts: 0 (all) to 3.</param>
/// <param name="Tolerance">How much older records of other feeds may be, by feed.</param>
/// <param name="LabelSources">The sources of labels in the order of preference.</param>
/// <param name="LabelAuthors">The authors of labels in the order of preference.</param>
/// <param name="Balance">How many records of each class are kept; all where nothing is said.</param>
/// <param name="HoldOut">Which records are held out; none where nothing is said.</param>
public sealed record TrainingStart(
    string Workflow,
    string? Version = null,
    string? Feed = null,
    IReadOnlyDictionary<string, FieldReference>? Inputs = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Filter = null,
    long? Limit = null,
    string? Labels = null,
    JsonObject? Params = null,
    int MinimumQuality = 0,
    IReadOnlyDictionary<string, TimeSpan>? Tolerance = null,
    IReadOnlyList<string>? LabelSources = null,
    IReadOnlyList<string>? LabelAuthors = null,
    BalanceRule? Balance = null,
    HoldOutRule? HoldOut = null);
