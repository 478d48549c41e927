using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Client;

/// <summary>The enhanced authentication of one connection of a client (MQTT 5, section 4.12).</summary>
internal sealed class ClientAuthentication(string method, Func<IMqttAuthenticationExchange> begin)
{
    private IMqttAuthenticationExchange? exchange;
    private TaskCompletionSource? again;

    /// <summary>Gets or sets what is cancelled when the connection ends.</summary>
    public CancellationToken Ended { get; set; }

    /// <summary>Begins the run of the connect, and gives what CONNECT carries.</summary>
    public async Task<ReadOnlyMemory<byte>> BeginAsync()
    {
        exchange = begin();
        return (await StepAsync(default).ConfigureAwait(false)).Data;
    }

    /// <summary>Begins to authenticate again.</summary>
    public async Task<AuthPacket> BeginAgainAsync(TaskCompletionSource waiter)
    {
        if (Interlocked.CompareExchange(ref again, waiter, null) is not null)
            throw new InvalidOperationException("The client authenticates again already. Await that first.");
        return new AuthPacket(MqttReasonCode.ReAuthenticate, method, await BeginAsync().ConfigureAwait(false));
    }

    /// <summary>Takes the broker's step; gives the answer, or null when the broker is satisfied.</summary>
    public async Task<AuthPacket?> HandleAsync(AuthPacket packet, bool connected)
    {
        if (exchange is null || (packet.Method is not null && packet.Method != method) || (connected && again is null))
            throw MqttProtocolException.NotAllowed("AUTH came that does not belong to an authentication of this client.");
        if (packet.Reason == MqttReasonCode.Success && connected)
        {
            await FinishAsync(packet.Data).ConfigureAwait(false);
            Interlocked.Exchange(ref again, null)?.TrySetResult();
            return null;
        }

        if (packet.Reason != MqttReasonCode.ContinueAuthentication)
            throw MqttProtocolException.NotAllowed($"AUTH with reason {packet.Reason} is not expected now.");
        return new AuthPacket(MqttReasonCode.ContinueAuthentication, method, (await StepAsync(packet.Data).ConfigureAwait(false)).Data);
    }

    /// <summary>Lets this side judge what came with the broker's success.</summary>
    public async Task FinishAsync(ReadOnlyMemory<byte> data)
    {
        if (!data.IsEmpty)
            await StepAsync(data).ConfigureAwait(false);
        exchange = null;
    }

    public void Close(Exception error) => Interlocked.Exchange(ref again, null)?.TrySetException(error);

    private async Task<MqttAuthenticationStep> StepAsync(ReadOnlyMemory<byte> data)
    {
        MqttAuthenticationStep step;
        try
        {
            step = await exchange!.NextAsync(data, Ended).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not MqttException)
        {
            throw new MqttException(MqttReasonCode.NotAuthorized, $"The authentication method '{method}' failed on this side.", error);
        }

        return step.Reason < MqttReasonCode.UnspecifiedError
            ? step
            : throw new MqttException(step.Reason, $"The authentication method '{method}' did not accept the broker: {step.Reason}.");
    }
}
