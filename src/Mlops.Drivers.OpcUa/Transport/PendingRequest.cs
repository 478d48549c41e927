using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Services;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>A request whose answer is awaited.</summary>
internal abstract class PendingRequest
{
    /// <summary>Reads the answer; what is wrong with it goes to the caller.</summary>
    public abstract void Complete(ReadOnlySpan<byte> body);

    public abstract void Fail(Exception error);
}

/// <summary>A request whose answer of one type is awaited.</summary>
internal sealed class PendingRequest<TResponse>(IServiceRequest<TResponse> request) : PendingRequest
{
    private readonly TaskCompletionSource<TResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResponse> Answer => _answer.Task;

    public override void Complete(ReadOnlySpan<byte> body)
    {
        try
        {
            _answer.TrySetResult(ServiceHeaders.ReadAnswer(body, request));
        }
        catch (UaException error)
        {
            _answer.TrySetException(error);
        }
    }

    public override void Fail(Exception error) => _answer.TrySetException(error);
}
