namespace Mlops.Mqtt;

/// <summary>One run of an enhanced authentication, on either side (MQTT 5, section 4.12), such as a challenge and its response.</summary>
/// <remarks>
/// One object a run: for the first authentication of a connection and for each later one. Calls never overlap. On the client the first
/// call gets no data and begins; each later call gets what the broker answered, the last one what came with its success. On the broker each
/// call gets what the client has sent. An exception fails the authentication; its message stays on this side.
/// </remarks>
public interface IMqttAuthenticationExchange
{
    /// <summary>Takes the next step.</summary>
    /// <param name="data">What the peer has sent; empty when it sent nothing.</param>
    /// <param name="cancellationToken">Ends the step when the connection does.</param>
    /// <returns>What to answer, and whether the authentication goes on.</returns>
    ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
