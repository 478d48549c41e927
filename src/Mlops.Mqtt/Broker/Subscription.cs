using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>One filter of one receiver: a session, or a subscriber in this process.</summary>
internal sealed record Subscription(string Filter, BrokerSession? Session, LocalSubscriber? Local, SubscriptionOptions Options, uint Id)
{
    /// <summary>Whether each message goes to one of those who share the filter.</summary>
    public bool IsShared { get; } = SharedFilter.IsShared(Filter);

    /// <summary>The part of the filter that topics are matched against.</summary>
    public string TopicFilter { get; } = SharedFilter.TopicFilterOf(Filter).ToString();

    /// <summary>The identifiers to send along with each message, or null.</summary>
    public uint[]? Ids { get; } = Id == 0 ? null : [Id];
}
