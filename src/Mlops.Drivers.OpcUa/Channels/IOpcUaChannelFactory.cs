namespace Mlops.Drivers.OpcUa.Channels;

/// <summary>Opens channels to servers. Registered in the host's services it takes the place of the driver's own UA TCP channel: for another stack, another transport, or keys in hardware.</summary>
/// <remarks>Services, sessions, subscriptions and encodings stay the driver's; so do the certificates, and whether a server's is trusted.</remarks>
public interface IOpcUaChannelFactory
{
    /// <summary>Opens a channel.</summary>
    /// <param name="settings">To which server, and how secured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The channel; the driver disposes it.</returns>
    /// <exception cref="IOException">The server refused; the message says why.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The host cannot be reached.</exception>
    Task<IOpcUaChannel> OpenAsync(OpcUaChannelSettings settings, CancellationToken cancellationToken);
}
