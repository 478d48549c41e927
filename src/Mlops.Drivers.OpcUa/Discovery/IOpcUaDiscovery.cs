namespace Mlops.Drivers.OpcUa.Discovery;

/// <summary>Asks which OPC UA servers there are and how they can be reached, before an asset is made of one. Thread-safe.</summary>
public interface IOpcUaDiscovery
{
    /// <summary>Asks a server, or a discovery server, which servers it knows.</summary>
    /// <param name="address">Its address, for example <c>opc.tcp://10.0.0.7:4840</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The servers, itself among them as a rule.</returns>
    /// <exception cref="IOException">Nothing answers there, or not as a server does; the message says what helps.</exception>
    Task<IReadOnlyList<OpcUaServerInfo>> FindServersAsync(Uri address, CancellationToken cancellationToken = default);

    /// <summary>Asks a server how it can be reached.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its endpoints, in its order.</returns>
    /// <exception cref="IOException">Nothing answers there, or not as a server does; the message says what helps.</exception>
    Task<IReadOnlyList<OpcUaEndpointInfo>> GetEndpointsAsync(Uri address, CancellationToken cancellationToken = default);
}
