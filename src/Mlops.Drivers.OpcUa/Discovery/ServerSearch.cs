using System.Text.Json.Nodes;

namespace Mlops.Drivers.OpcUa.Discovery;

/// <summary>Finds servers, and the settings by which each of their endpoints is reached.</summary>
internal sealed class ServerSearch(IOpcUaDiscovery discovery)
{
    private const string Scheme = "opc.tcp";

    /// <summary>Lists the endpoints of the servers that a server or discovery server knows, the most secure of each server first.</summary>
    /// <exception cref="ArgumentException">That is not an address.</exception>
    /// <exception cref="IOException">Nothing answers there, or not as a server does.</exception>
    public async Task<IReadOnlyList<DiscoveredAsset>> FindAsync(string? address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? asked) || asked.Scheme != Scheme)
            throw new ArgumentException($"'{address}' is not the address of an OPC UA server or discovery server. Give one like 'opc.tcp://10.0.0.7:4840'.");
        IReadOnlyList<OpcUaServerInfo> servers = await discovery.FindServersAsync(asked, cancel).ConfigureAwait(false);
        var found = new List<DiscoveredAsset>();
        foreach (OpcUaServerInfo server in servers)
        {
            if (Reach(server, asked, servers.Count == 1) is { } at)
                found.AddRange(await EndpointsAsync(server, at, cancel).ConfigureAwait(false));
        }

        return found;
    }

    // A server names itself as it knows itself, which need not be how it is reached from here; what was asked is.
    private static Uri? Reach(OpcUaServerInfo server, Uri asked, bool isOnly)
    {
        Uri[] own = [.. server.Addresses.Select(a => Uri.TryCreate(a, UriKind.Absolute, out Uri? at) && at.Scheme == Scheme ? at : null).OfType<Uri>()];
        return isOnly || own.Any(a => a.Port == asked.Port) ? asked : own.FirstOrDefault();
    }

    private async Task<IEnumerable<DiscoveredAsset>> EndpointsAsync(OpcUaServerInfo server, Uri at, CancellationToken cancel)
    {
        try
        {
            IReadOnlyList<OpcUaEndpointInfo> endpoints = await discovery.GetEndpointsAsync(at, cancel).ConfigureAwait(false);
            return endpoints
                .Where(e => e.Address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(e => e.Level)
                .Select(e => new DiscoveredAsset(server.Name, Settings(at, e), $"{e.Policy} {e.Mode}; users: {string.Join(", ", e.Users)}"));
        }
        catch (IOException error)
        {
            // The others are found all the same.
            return [new DiscoveredAsset(server.Name, new JsonObject { ["endpoint"] = at.OriginalString }, error.Message)];
        }
    }

    private static JsonObject Settings(Uri at, OpcUaEndpointInfo endpoint)
    {
        var settings = new JsonObject { ["endpoint"] = at.OriginalString };
        if (endpoint.Mode != "None")
            settings["security"] = new JsonObject { ["policy"] = endpoint.Policy, ["mode"] = endpoint.Mode };
        return settings;
    }
}
