using System.Text.Json.Nodes;

namespace Mlops.Drivers.Settings;

/// <summary>Settings that are right.</summary>
/// <param name="Spelled">In the one spelling of their class, secrets in plain.</param>
/// <param name="Instance">An instance of the class.</param>
internal sealed record BoundSettings(JsonObject Spelled, object Instance);
