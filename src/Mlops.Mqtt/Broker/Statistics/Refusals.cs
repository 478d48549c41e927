namespace Mlops.Mqtt.Broker.Statistics;

/// <summary>Sorts reason codes of CONNACK.</summary>
internal static class Refusals
{
    public static RefusalReason Of(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.BadUserNameOrPassword => RefusalReason.Credentials,
        MqttReasonCode.NotAuthorized or MqttReasonCode.Banned => RefusalReason.Rights,
        MqttReasonCode.BadAuthenticationMethod => RefusalReason.Method,
        MqttReasonCode.ClientIdentifierNotValid => RefusalReason.Identifier,
        MqttReasonCode.ConnectionRateExceeded => RefusalReason.Rate,
        MqttReasonCode.QuotaExceeded => RefusalReason.Sessions,
        _ => RefusalReason.Other,
    };

    /// <summary>Whether it was refused for who it said it was.</summary>
    public static bool IsAuthentication(RefusalReason reason) =>
        reason is RefusalReason.Credentials or RefusalReason.Rights or RefusalReason.Method;
}
