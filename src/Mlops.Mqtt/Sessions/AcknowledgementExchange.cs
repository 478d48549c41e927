using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Sessions;

/// <summary>Handles PUBACK, PUBREC, PUBREL and PUBCOMP of one connection: the same for client and broker (MQTT 5, section 4.3).</summary>
internal sealed class AcknowledgementExchange(
    object connection, DeliveryQueue outgoing, AcknowledgementSequencer incoming, Outbox outbox, ISessionJournal? journal = null)
{
    public void Handle(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        var type = (PacketType)(first >> 4);
        var packet = AcknowledgePacket.Read(first, body, version);
        switch (type)
        {
            case PacketType.PubRec:
                if (outgoing.Receive(connection, packet, out var release))
                    Answer(OutboundPacket.Acknowledge(PacketType.PubRel, packet.PacketId, release));
                outbox.Signal();
                break;
            case PacketType.PubRel:
                Answer(OutboundPacket.Acknowledge(PacketType.PubComp, packet.PacketId, incoming.Complete(packet.PacketId)));
                break;
            default:
                if (outgoing.Acknowledge(connection, type, packet))
                    outbox.Signal();
                break;
        }
    }

    private void Answer(in OutboundPacket packet)
    {
        if (journal is null)
            outbox.Add(packet);
        else
            journal.SendAfterCommit(outbox, packet);
    }
}
