namespace Mlops.Mqtt.Sessions;

/// <summary>One message on its way to one receiver.</summary>
/// <param name="Message">The message; null once it has been acknowledged. The delivery owns one reference.</param>
/// <param name="Flags">The lower four bits of the PUBLISH, without the duplicate flag.</param>
/// <param name="SubscriptionIds">The identifiers of the subscriptions that it is sent for.</param>
/// <param name="Completion">Told when the message is acknowledged (QoS 1) or handed to the connection (QoS 0).</param>
internal record struct Delivery(SharedMessage? Message, byte Flags, uint[]? SubscriptionIds, PublishCompletion Completion);
