using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>A method of an asset that is to be called.</summary>
/// <param name="Method">Names the method, as the documentation of the asset's driver says.</param>
/// <param name="Arguments">Texts, numbers, true, false or null, in the method's order; may be left out when it takes none.</param>
public sealed record AssetCall(string Method, JsonArray? Arguments = null);
