using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt;

/// <summary>What the broker said when it accepted the client. Of a 3.1.1 broker only <see cref="SessionPresent"/> is known; the rest has its defaults.</summary>
public sealed class MqttConnectResult
{
    internal MqttConnectResult(ConnAckPacket packet, string clientId, TimeSpan keepAlive, TimeSpan sessionExpiry)
    {
        SessionPresent = packet.SessionPresent;
        ClientId = packet.AssignedClientId ?? clientId;
        KeepAlive = packet.ServerKeepAliveSeconds is { } alive ? TimeSpan.FromSeconds(alive) : keepAlive;
        SessionExpiry = packet.SessionExpirySeconds switch
        {
            null => sessionExpiry,
            uint.MaxValue => TimeSpan.MaxValue,
            { } seconds => TimeSpan.FromSeconds(seconds),
        };
        MaximumQualityOfService = packet.MaximumQoS;
        RetainAvailable = packet.RetainAvailable;
        WildcardSubscriptionsAvailable = packet.WildcardSubscriptionsAvailable;
        SharedSubscriptionsAvailable = packet.SharedSubscriptionsAvailable;
        SubscriptionIdentifiersAvailable = packet.SubscriptionIdentifiersAvailable;
        ReceiveMaximum = packet.ReceiveMaximum;
        MaximumPacketSize = packet.MaximumPacketSize == 0 ? null : packet.MaximumPacketSize;
        TopicAliasMaximum = packet.TopicAliasMaximum;
        ResponseInformation = packet.ResponseInformation;
        ReasonString = packet.ReasonString;
        UserProperties = packet.UserProperties;
    }

    /// <summary>Gets whether the broker still had the session.</summary>
    public bool SessionPresent { get; }

    /// <summary>Gets the client identifier, as asked for or as assigned by the broker.</summary>
    public string ClientId { get; }

    /// <summary>Gets the keep alive that holds: the broker's, if it set one.</summary>
    public TimeSpan KeepAlive { get; }

    /// <summary>Gets how long the broker keeps the session.</summary>
    public TimeSpan SessionExpiry { get; }

    /// <summary>Gets the highest quality of service that the broker takes.</summary>
    public MqttQualityOfService MaximumQualityOfService { get; }

    /// <summary>Gets whether the broker keeps retained messages.</summary>
    public bool RetainAvailable { get; }

    /// <summary>Gets whether filters may have wildcards.</summary>
    public bool WildcardSubscriptionsAvailable { get; }

    /// <summary>Gets whether subscriptions may be shared.</summary>
    public bool SharedSubscriptionsAvailable { get; }

    /// <summary>Gets whether subscriptions may have identifiers.</summary>
    public bool SubscriptionIdentifiersAvailable { get; }

    /// <summary>Gets how many messages of QoS 1 and 2 the broker takes before it acknowledges the first.</summary>
    public int ReceiveMaximum { get; }

    /// <summary>Gets the largest packet in bytes that the broker takes, or null for any.</summary>
    public long? MaximumPacketSize { get; }

    /// <summary>Gets the highest topic alias that the broker takes; 0 for none.</summary>
    public int TopicAliasMaximum { get; }

    /// <summary>Gets what response topics should begin with, when it was asked for and the broker says so.</summary>
    public string? ResponseInformation { get; }

    /// <summary>Gets what the broker says, for people.</summary>
    public string? ReasonString { get; }

    /// <summary>Gets the broker's own names and values.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; }
}
