using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>A record with its place.</summary>
/// <param name="Source">Names the record.</param>
/// <param name="Quality">The worst quality of its values: 0 bad, 1 uncertain, 2 good, 3 good (cascade).</param>
/// <param name="Values">The values by field.</param>
public sealed record StoredRecord(RecordSource Source, int Quality, JsonObject Values);
