using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>The truth for one record or for an interval. Exactly one of source, key, and from with to says what is meant.</summary>
/// <param name="Set">Name of the label set.</param>
/// <param name="Value">The truth: text, number, true or false.</param>
/// <param name="Source">Names the record, by <c>row</c> or by <c>seq</c>.</param>
/// <param name="Key">A field and its value, by which records are meant: <c>{"serial": "A12"}</c>.</param>
/// <param name="From">Start of the interval, inclusive.</param>
/// <param name="To">End of the interval, exclusive.</param>
/// <param name="Author">Who says so; the caller where nothing is said.</param>
public sealed record LabelBody(
    string Set,
    JsonElement Value,
    RecordSource? Source = null,
    JsonObject? Key = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Author = null);
