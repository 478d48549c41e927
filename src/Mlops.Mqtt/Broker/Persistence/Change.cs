namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>One change of what the broker keeps, on its way to the disk.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Session">The session, where there is one.</param>
/// <param name="Key">The sequence of a delivery, a packet identifier, or the message that is added or removed.</param>
/// <param name="Detail">A <see cref="StoredSession"/>, a <see cref="Subscription"/>, the message that is added, or the subscription identifiers of a delivery.</param>
/// <param name="Text">A filter, a topic, or the shared filter that a delivery comes through.</param>
/// <param name="Message">The message that a delivery or a topic refers to.</param>
/// <param name="Flags">The flags of a delivery.</param>
/// <param name="Published">The flags with which the message of a shared delivery was published.</param>
internal readonly record struct Change(
    ChangeKind Kind,
    long Session = 0,
    long Key = 0,
    object? Detail = null,
    string? Text = null,
    long Message = 0,
    byte Flags = 0,
    byte Published = 0);
