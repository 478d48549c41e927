using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>Everybody who gets the messages of one topic, as long as no subscription changes.</summary>
internal sealed record Route(int Version, RouteTarget[] Sessions, ShareGroup[] Groups, LocalSubscriber[] Locals)
{
    /// <summary>Whether nobody has subscribed to the topic.</summary>
    public bool IsEmpty => Sessions.Length == 0 && Groups.Length == 0 && Locals.Length == 0;

    /// <summary>Whether a session that is kept on the disk gets them.</summary>
    public bool IsJournaled { get; } =
        Array.Exists(Sessions, target => target.Session.Journal is not null) || Array.Exists(Groups, group => group.IsJournaled);
}

/// <summary>One session that gets a topic's messages, once each, whatever the number of its subscriptions that match.</summary>
/// <param name="Session">The session.</param>
/// <param name="Others">How it gets the messages of others.</param>
/// <param name="Own">How it gets its own: without the subscriptions that exclude them; null when all do.</param>
internal readonly record struct RouteTarget(BrokerSession Session, RouteGrant Others, RouteGrant? Own)
{
    public static RouteTarget Of(IGrouping<BrokerSession, Subscription> subscriptions)
    {
        var all = RouteGrant.Of([.. subscriptions])!;
        Subscription[] own = [.. subscriptions.Where(subscription => !subscription.Options.NoLocal)];
        return new RouteTarget(subscriptions.Key, all, own.Length == subscriptions.Count() ? all : RouteGrant.Of(own));
    }
}

/// <summary>What the matching subscriptions of one session grant together.</summary>
internal sealed record RouteGrant(MqttQualityOfService MaximumQoS, uint[]? SubscriptionIds, bool RetainAsPublished)
{
    public static RouteGrant? Of(Subscription[] subscriptions)
    {
        if (subscriptions.Length == 0)
            return null;
        uint[] ids = [.. subscriptions.Where(subscription => subscription.Id != 0).Select(subscription => subscription.Id)];
        return new RouteGrant(
            subscriptions.Max(subscription => subscription.Options.MaximumQoS),
            ids.Length == 0 ? null : ids,
            Array.Exists(subscriptions, subscription => subscription.Options.RetainAsPublished));
    }

    public byte Flags(byte published) => PublishFlags.Of(
        (MqttQualityOfService)Math.Min((int)PublishFlags.QualityOfService(published), (int)MaximumQoS),
        RetainAsPublished && (published & PublishFlags.Retain) != 0);
}
