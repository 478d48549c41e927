namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Names what a <see cref="Change"/> does.</summary>
internal enum ChangeKind
{
    PutSession,
    RemoveSession,
    PutSubscription,
    RemoveSubscription,
    AddMessage,
    RemoveMessage,
    AddDelivery,
    ReleaseDelivery,
    RemoveDelivery,
    AddReceived,
    RemoveReceived,
    PutRetained,
    RemoveRetained,
}
