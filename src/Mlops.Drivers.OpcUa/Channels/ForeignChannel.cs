using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Transport;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Channels;

/// <summary>Calls services on a channel of the host's.</summary>
internal sealed class ForeignChannel(IOpcUaChannel channel, TimeProvider time) : IServiceChannel
{
    private uint _request;

    public Task<Exception> Closed => channel.Closed;

    public async Task<TResponse> CallAsync<TResponse>(IServiceRequest<TResponse> request, NodeId authentication, TimeSpan timeout, CancellationToken cancel)
    {
        var message = new UaWriter();
        ServiceHeaders.WriteCall(message, request, authentication, Interlocked.Increment(ref _request), timeout, UaTime.From(time.GetUtcNow()));
        try
        {
            ReadOnlyMemory<byte> answer = await channel.CallAsync(message.Written.ToArray(), timeout, cancel).AsTask().WaitAsync(timeout, time, cancel).ConfigureAwait(false);
            return ServiceHeaders.ReadAnswer(answer.Span, request);
        }
        catch (TimeoutException error)
        {
            throw new UaException(StatusCodes.BadTimeout, $"The server has not answered {ServiceHeaders.NameOf(request)} within {timeout.TotalSeconds:0.#} s.", error);
        }
        catch (Exception error) when (error is not (UaException or OperationCanceledException))
        {
            throw new UaException(StatusCodes.BadCommunicationError, $"The channel has failed: {error.Message}", error);
        }
    }

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
