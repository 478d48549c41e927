namespace Mlops.Drivers.OpcUa.Channels;

/// <summary>A way to a server on which services are called: transport and security. Thread-safe.</summary>
/// <remarks>When anything is wrong it ends as a whole; the driver then opens another one. It retries nothing.</remarks>
public interface IOpcUaChannel : IAsyncDisposable
{
    /// <summary>Gets what completes with the reason when the channel ends.</summary>
    Task<Exception> Closed { get; }

    /// <summary>Sends a request and waits for its answer. Several calls wait at a time, one of them for minutes: answers come in any order.</summary>
    /// <param name="request">The request with its header, in the binary encoding of OPC 10000-6, 5.2; it begins with the id of its type.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The answer in the same encoding, whole; a fault is an answer, too.</returns>
    /// <exception cref="IOException">There was no answer in time, or the channel has ended.</exception>
    ValueTask<ReadOnlyMemory<byte>> CallAsync(ReadOnlyMemory<byte> request, TimeSpan timeout, CancellationToken cancellationToken);
}
