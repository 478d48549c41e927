using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>A label that is stored.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Set">Name of the label set.</param>
/// <param name="Value">The truth.</param>
/// <param name="Created">When it was stored.</param>
/// <param name="Origin">The way it came.</param>
/// <param name="Source">The record that is meant.</param>
/// <param name="Key">The field and its value by which records are meant.</param>
/// <param name="From">Start of the interval, inclusive.</param>
/// <param name="To">End of the interval, exclusive.</param>
/// <param name="Author">Who says so.</param>
/// <param name="Deleted">When it was taken back.</param>
/// <param name="DeletedBy">Who took it back.</param>
public sealed record LabelEntry(
    long Id,
    string Set,
    string Value,
    DateTimeOffset Created,
    string Origin,
    RecordSource? Source = null,
    JsonObject? Key = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Author = null,
    DateTimeOffset? Deleted = null,
    string? DeletedBy = null);
