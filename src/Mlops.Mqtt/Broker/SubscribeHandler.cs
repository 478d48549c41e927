using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>Handles SUBSCRIBE and UNSUBSCRIBE of one connection.</summary>
internal sealed class SubscribeHandler(BrokerContext context, BrokerConnection connection)
{
    public void Subscribe(BrokerSession session, SubscribePacket packet)
    {
        List<byte> reasons = [];
        List<Subscription> withRetained = [];
        while (packet.Next(out string filter, out var options))
        {
            var reason = session.Journal is { IsFailing: true } ? MqttReasonCode.QuotaExceeded : Judge(filter, options);
            if (reason < MqttReasonCode.UnspecifiedError)
            {
                var subscription = new Subscription(filter, session, null, options with { MaximumQoS = (MqttQualityOfService)reason }, packet.SubscriptionId);
                if (!TryPut(session, subscription, out bool sendRetained))
                    reason = RefuseAnother(filter);
                else if (sendRetained)
                    withRetained.Add(subscription);
            }

            reasons.Add(connection.Version == MqttProtocolVersion.V5 || reason < MqttReasonCode.UnspecifiedError ? (byte)reason : (byte)0x80);
        }

        var answer = SubAckPacket.Write(PacketType.SubAck, packet.PacketId, reasons.ToArray(), connection.Version);
        connection.SendAfterCommit(answer);
        foreach (var subscription in withRetained)
            SendRetained(session, subscription);
    }

    public void Unsubscribe(BrokerSession session, UnsubscribePacket packet)
    {
        List<byte> reasons = [];
        while (packet.Next(out string filter))
        {
            bool existed = false;
            context.Sessions.Change(session, connection, () =>
            {
                existed = session.Subscriptions.Remove(filter, out var subscription);
                if (subscription is not null)
                {
                    context.Router.Remove(subscription);
                    session.Journal?.RemoveSubscription(filter);
                }
            });
            reasons.Add((byte)(existed ? MqttReasonCode.Success : MqttReasonCode.NoSubscriptionExisted));
        }

        connection.SendAfterCommit(SubAckPacket.Write(PacketType.UnsubAck, packet.PacketId, reasons.ToArray(), connection.Version));
    }

    /// <summary>Gives the granted quality of service, or the reason of a refusal.</summary>
    private MqttReasonCode Judge(string filter, SubscriptionOptions options)
    {
        if (!MqttTopicFilter.IsValidFilter(filter))
            return MqttReasonCode.TopicFilterInvalid;
        string topics = SharedFilter.IsShared(filter) ? SharedFilter.TopicFilterOf(filter).ToString() : filter;
        if (!context.Gatekeeper.Allows(connection.ClientId, connection.UserName, MqttAccess.Subscribe, topics))
        {
            context.Deny(connection.ClientId, connection.EndPoint, MqttAccess.Subscribe, filter);
            return MqttReasonCode.NotAuthorized;
        }

        return (MqttReasonCode)options.MaximumQoS;
    }

    private MqttReasonCode RefuseAnother(string filter)
    {
        context.Complain(connection.EndPoint, logger => Log.TooManySubscriptions(
            logger, connection.ClientId, connection.Remote, filter, context.Options.MaxSubscriptionsPerSession));
        return MqttReasonCode.QuotaExceeded;
    }

    /// <summary>Makes or replaces a subscription, and tells whether retained messages are to be sent for it; false when there are too many.</summary>
    private bool TryPut(BrokerSession session, Subscription subscription, out bool sendRetained)
    {
        bool isNew = true, hasRoom = true;
        bool isChanged = context.Sessions.Change(session, connection, () =>
        {
            isNew = !session.Subscriptions.TryGetValue(subscription.Filter, out var older);
            hasRoom = !isNew || session.Subscriptions.Count < context.Options.MaxSubscriptionsPerSession;
            if (!hasRoom)
                return;
            session.Subscriptions[subscription.Filter] = subscription;
            context.Router.Replace(older, subscription);
            session.Journal?.Put(subscription);
        });
        // Which of those who share a filter should get them cannot be said, so nobody does (MQTT 5, section 4.8.2).
        sendRetained = isChanged && !subscription.IsShared && subscription.Options.RetainHandling switch
        {
            MqttRetainHandling.Send => true,
            MqttRetainHandling.SendIfNew => isNew,
            _ => false,
        };
        return hasRoom;
    }

    private void SendRetained(BrokerSession session, Subscription subscription)
    {
        uint[]? ids = subscription.Id == 0 ? null : [subscription.Id];
        foreach (var message in context.Retained.Match(subscription.Filter))
        {
            session.Deliver(message, RetainedMessages.FlagsFor(message, subscription.Options.MaximumQoS), ids, context.Retained.Most);
            message.Release();
        }
    }
}
