namespace Mlops.Mqtt;

/// <summary>Names what happens to a message for which an outbox has no room.</summary>
public enum MqttOutboxFullPolicy
{
    /// <summary>Its publisher waits until there is room; nobody overtakes it.</summary>
    Wait,

    /// <summary>Its publisher gets an <see cref="MqttException"/> with <see cref="MqttReasonCode.QuotaExceeded"/>.</summary>
    Refuse,

    /// <summary>The oldest messages that are not in flight make room and are counted in <see cref="MqttClientCounters.PublishesDropped"/>;
    /// when all are in flight, the new one is given up.</summary>
    DropOldest,

    /// <summary>It is given up and counted in <see cref="MqttClientCounters.PublishesDropped"/>; its publisher goes on.</summary>
    DropNewest,
}
