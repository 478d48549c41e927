using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>Records to be stored.</summary>
/// <param name="Records">The records, each with <c>timestamp</c> and its values by field.</param>
public sealed record RecordsBody(IReadOnlyList<JsonObject> Records);
