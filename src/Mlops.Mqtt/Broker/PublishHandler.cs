using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>What one connection makes of the messages that its client publishes (MQTT 5, section 3.3).</summary>
internal sealed class PublishHandler(BrokerContext context, BrokerConnection connection)
{
    private readonly ReceivedAliases topics = new(context.Options.TopicAliasMaximum);

    /// <summary>Takes a message, or acknowledges it with why it was not taken.</summary>
    /// <exception cref="MqttProtocolException">The client may not send it so.</exception>
    public ValueTask Publish(in PublishPacket packet, BrokerSession mine, AcknowledgementSequencer acknowledgements, long receivedTicks, bool moreBuffered)
    {
        var properties = packet.Properties;
        if (properties.HasSubscriptionIds)
            throw MqttProtocolException.NotAllowed("A client may not send subscription identifiers with a message.");
        var entry = topics.Get(packet);
        bool isInvalid = properties.IsText && !System.Text.Unicode.Utf8.IsValid(packet.Payload);
        HeldPublish held = default;
        if (packet.QualityOfService != MqttQualityOfService.AtMostOnce)
        {
            ushort exactlyOnceId = packet.QualityOfService == MqttQualityOfService.ExactlyOnce ? packet.PacketId : (ushort)0;
            held = new HeldPublish(acknowledgements, acknowledgements.Enter(packet.PacketId, packet.QualityOfService, out bool repeated), exactlyOnceId);
            if (repeated)
            {
                held.Leave();
                return held.WaitForRoomAsync();
            }
        }
        else if (isInvalid)
        {
            throw new MqttProtocolException(
                MqttReasonCode.PayloadFormatInvalid, $"A message for '{entry.Topic}' is marked as text but is not UTF-8.");
        }

        if (isInvalid || !IsAllowed(entry.Topic))
        {
            var reason = isInvalid ? MqttReasonCode.PayloadFormatInvalid : MqttReasonCode.NotAuthorized;
            // A 3.1.1 client cannot be told; to it the message was taken.
            held.Leave(connection.Version == MqttProtocolVersion.V5 ? reason : MqttReasonCode.Success);
            return held.WaitForRoomAsync();
        }

        var message = new MqttIncoming(entry, packet.Payload, packet.Flags, receivedTicks, moreBuffered)
        {
            ClientId = mine.ClientId,
            Properties = properties,
        };
        return context.Pipeline.Publish(message, mine, held);
    }

    private bool IsAllowed(string topic)
    {
        if (context.Gatekeeper.MayPublish(connection.ClientId, connection.UserName, topic))
            return true;
        context.Deny(connection.ClientId, connection.EndPoint, MqttAccess.Publish, topic);
        return false;
    }
}
