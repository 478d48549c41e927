using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>A received QoS 1 message on its way through the broker, while its holders are found; default when there is no PUBACK.</summary>
internal struct HeldPublish(AcknowledgementSequencer sequencer, ushort packetId)
{
    private readonly AcknowledgementSequencer? sequencer = sequencer;
    private readonly long sequence = sequencer.Enter(packetId);
    private int holders;

    public MqttAcknowledgement Hold() => sequencer?.Hold(sequence, holders++) ?? default;

    public readonly void Leave(MqttReasonCode reason = MqttReasonCode.Success) => sequencer?.Leave(sequence, reason);

    public readonly ValueTask WaitForRoomAsync() => sequencer?.WaitForRoomAsync() ?? ValueTask.CompletedTask;
}
