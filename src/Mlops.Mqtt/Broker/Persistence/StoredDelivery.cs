namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>A delivery as it stands on the disk; without message the receiver has it (PUBREC).</summary>
internal sealed record StoredDelivery(
    long Session, long Sequence, long? Message, byte Flags, uint[]? SubscriptionIds, string? SharedFilter, byte Published);
