using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>The enhanced authentication of one connection, at its start and again later (MQTT 5, section 4.12).</summary>
internal sealed class EnhancedAuthentication(
    string method,
    Func<MqttAuthenticationContext, IMqttAuthenticationExchange> begin,
    MqttAuthenticationContext presented,
    ILogger logger,
    CancellationToken ended)
{
    private IMqttAuthenticationExchange? exchange;

    /// <summary>Begins a run with what came with CONNECT or with AUTH.</summary>
    public ValueTask<MqttAuthenticationStep> BeginAsync(ReadOnlyMemory<byte> data)
    {
        exchange = begin(presented);
        return NextAsync(data);
    }

    /// <summary>Takes the next step of the run.</summary>
    /// <exception cref="MqttProtocolException">There is no run, or the method is another one.</exception>
    public ValueTask<MqttAuthenticationStep> HandleAsync(AuthPacket packet, bool connected)
    {
        if (packet.Method != method)
            throw MqttProtocolException.NotAllowed("AUTH names another method than CONNECT.");
        return packet.Reason switch
        {
            MqttReasonCode.ReAuthenticate when connected && exchange is null => BeginAsync(packet.Data),
            MqttReasonCode.ContinueAuthentication when exchange is not null => NextAsync(packet.Data),
            _ => throw MqttProtocolException.NotAllowed($"AUTH with reason {packet.Reason} is not expected now."),
        };
    }

    public byte[] Answer(in MqttAuthenticationStep step) => new AuthPacket(step.Reason, method, step.Data).Write();

    private async ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data)
    {
        MqttAuthenticationStep step;
        try
        {
            step = await exchange!.NextAsync(data, ended).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Log.AuthenticationFailed(logger, error, method, presented.ClientId);
            step = new MqttAuthenticationStep(MqttReasonCode.NotAuthorized);
        }

        if (step.Reason != MqttReasonCode.ContinueAuthentication)
        {
            exchange = null;
            presented.ForgetPassword();
        }

        return step;
    }
}
