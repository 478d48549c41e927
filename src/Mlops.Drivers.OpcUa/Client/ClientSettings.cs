using Mlops.Drivers.OpcUa.Channels;
using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>How a server is reached.</summary>
internal sealed record ClientSettings(Uri Endpoint)
{
    public SecurityPolicy Policy { get; init; } = SecurityPolicy.None;

    public MessageSecurityMode Mode { get; init; } = MessageSecurityMode.None;

    public UserIdentity User { get; init; } = UserIdentity.Anonymous;

    /// <summary>Gets a value indicating whether a server that is met for the first time is trusted from then on.</summary>
    public bool TrustServer { get; init; }

    public bool CheckHost { get; init; } = true;

    /// <summary>Gets what opens channels; null for UA TCP.</summary>
    public IOpcUaChannelFactory? Channels { get; init; }

    /// <summary>Gets how long a service may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long the server keeps session and subscriptions of a client that it has lost.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
