using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>The topics of one connection, by name or by the alias that the peer has given them (MQTT 5, section 3.3.2.3.4).</summary>
internal sealed class ReceivedAliases(int maximum)
{
    private readonly TopicCache topics = new();
    private TopicEntry?[] aliases = [];

    /// <exception cref="MqttProtocolException">The topic is not valid, or the alias is not allowed or not known.</exception>
    public TopicEntry Get(in PublishPacket packet)
    {
        int alias = packet.Properties.TopicAlias;
        if (alias == 0)
        {
            return packet.Topic.IsEmpty && packet.Version == MqttProtocolVersion.V5
                ? throw MqttProtocolException.NotAllowed("A message came with neither topic nor alias.")
                : topics.Get(packet.Topic);
        }

        if (alias > maximum)
            throw new MqttProtocolException(MqttReasonCode.TopicAliasInvalid, $"The topic alias {alias} came; {maximum} is the highest allowed.");
        if (!packet.Topic.IsEmpty)
        {
            if (aliases.Length == 0)
                aliases = new TopicEntry?[maximum];
            return aliases[alias - 1] = topics.Get(packet.Topic);
        }

        return (aliases.Length == 0 ? null : aliases[alias - 1])
            ?? throw MqttProtocolException.NotAllowed($"The topic alias {alias} came before the topic that it stands for.");
    }
}
