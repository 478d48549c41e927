using System.Net.Sockets;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Discovery;

/// <inheritdoc/>
internal sealed class OpcUaDiscovery(TimeProvider time) : IOpcUaDiscovery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<OpcUaServerInfo>> FindServersAsync(Uri address, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ApplicationDescription> found = await AskAsync(address, stop => UaSession.FindServersAsync(address, Patience, time, stop), cancellationToken).ConfigureAwait(false);
        return [.. found.Select(a => new OpcUaServerInfo(a.Name, a.Uri, a.DiscoveryUrls))];
    }

    public async Task<IReadOnlyList<OpcUaEndpointInfo>> GetEndpointsAsync(Uri address, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<EndpointDescription> found = await AskAsync(address, stop => UaSession.DiscoverAsync(address, Patience, time, stop), cancellationToken).ConfigureAwait(false);
        return [.. found.Select(e => new OpcUaEndpointInfo(
            e.Url, SecurityPolicy.Find(e.PolicyUri)?.Name ?? e.PolicyUri, e.Mode.ToString(), [.. e.UserTokens.Select(t => t.Type.ToString()).Distinct()], e.Level))];
    }

    private async Task<T> AskAsync<T>(Uri address, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var limited = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limited.Token);
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new IOException($"No OPC UA server can be asked at {address}: {error.Message}. Check host and port.", error);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"What listens at {address} has not answered within {Patience.TotalSeconds:0} s. Check that it is an OPC UA server and that no firewall is in between.");
        }
    }
}
