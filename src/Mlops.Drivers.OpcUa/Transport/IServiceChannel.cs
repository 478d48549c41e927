using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>Calls services of a server. Thread-safe.</summary>
internal interface IServiceChannel : IAsyncDisposable
{
    /// <summary>Gets what completes with the reason when the channel ends.</summary>
    Task<Exception> Closed { get; }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="Binary.UaException">The server refused, did not answer in time, or the channel has ended.</exception>
    Task<TResponse> CallAsync<TResponse>(IServiceRequest<TResponse> request, NodeId authentication, TimeSpan timeout, CancellationToken cancel);
}
