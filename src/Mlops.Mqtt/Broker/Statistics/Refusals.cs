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
}
