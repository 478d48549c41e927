using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>Everybody who gets the messages of one topic, as long as no subscription changes.</summary>
internal sealed record Route(int Version, RouteTarget[] Sessions, LocalSubscriber[] Locals);

/// <summary>One session that gets a topic's messages, once each, whatever the number of its subscriptions that match.</summary>
internal readonly record struct RouteTarget(
    BrokerSession Session,
    MqttQualityOfService MaximumQoS,
    uint[]? SubscriptionIds,
    bool NoLocal,
    bool RetainAsPublished)
{
    public static RouteTarget Of(IGrouping<BrokerSession, Subscription> subscriptions)
    {
        var ids = subscriptions.Where(subscription => subscription.Id != 0).Select(subscription => subscription.Id).ToArray();
        return new RouteTarget(
            subscriptions.Key,
            subscriptions.Max(subscription => subscription.Options.MaximumQoS),
            ids.Length == 0 ? null : ids,
            subscriptions.All(subscription => subscription.Options.NoLocal),
            subscriptions.Any(subscription => subscription.Options.RetainAsPublished));
    }

    public byte Flags(byte published) => PublishFlags.Of(
        (MqttQualityOfService)Math.Min((int)PublishFlags.QualityOfService(published), (int)MaximumQoS),
        RetainAsPublished && (published & PublishFlags.Retain) != 0);
}
