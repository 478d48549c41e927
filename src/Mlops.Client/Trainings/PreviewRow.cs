using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>A record as a training would see it.</summary>
/// <param name="Timestamp">Its time.</param>
/// <param name="Values">The values by input.</param>
/// <param name="Label">The truth.</param>
public sealed record PreviewRow(DateTimeOffset Timestamp, JsonObject Values, JsonNode? Label = null);
