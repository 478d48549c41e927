using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>Values with their type and dimensions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Datatype">The type of its values.</param>
/// <param name="Data">The values, row by row, nested or flat.</param>
public sealed record Tensor(string Name, IReadOnlyList<long> Shape, string Datatype, JsonArray Data);
