using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>How one room of a node is doing.</summary>
/// <param name="Name">The room: <c>store</c>, <c>ingest</c>, <c>drivers</c>, <c>training</c>, <c>prediction</c> or <c>databus</c>.</param>
/// <param name="State"><c>ok</c>, <c>degraded</c> or <c>faulted</c>.</param>
/// <param name="Reason">What is wrong, with the remedy; <see langword="null"/> when it is well.</param>
/// <param name="Figures">Counts worth knowing, by name.</param>
public sealed record RoomHealth(string Name, string State, string? Reason = null, JsonObject? Figures = null);
