using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>A token of a secure channel with its keys; keys are null under the policy None.</summary>
internal sealed record ChannelToken(uint Id, ChannelKeys? Sending, ChannelKeys? Receiving) : IDisposable
{
    public void Dispose()
    {
        Sending?.Dispose();
        Receiving?.Dispose();
    }
}
