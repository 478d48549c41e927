using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>A received QoS 1 or 2 message on its way through the broker, while its holders are found; default for QoS 0.</summary>
internal struct HeldPublish(AcknowledgementSequencer sequencer, long sequence)
{
    private readonly AcknowledgementSequencer? sequencer = sequencer;
    private int holders;

    public MqttAcknowledgement Hold() => sequencer?.Hold(sequence, holders++) ?? default;

    public readonly void Leave(MqttReasonCode reason = MqttReasonCode.Success) => sequencer?.Leave(sequence, reason);

    public readonly ValueTask WaitForRoomAsync() => sequencer?.WaitForRoomAsync() ?? ValueTask.CompletedTask;
}
