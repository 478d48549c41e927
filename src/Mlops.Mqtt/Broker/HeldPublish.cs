using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>A received QoS 1 or 2 message on its way through the broker, while its holders are found; default for QoS 0.</summary>
internal struct HeldPublish(AcknowledgementSequencer sequencer, long sequence, ushort exactlyOnceId)
{
    private readonly AcknowledgementSequencer? sequencer = sequencer;
    private int holders;

    /// <summary>The packet identifier of a QoS 2 message; otherwise 0.</summary>
    public ushort ExactlyOnceId { get; } = exactlyOnceId;

    public readonly bool IsReal => sequencer is not null;

    public MqttAcknowledgement Hold() => sequencer?.Hold(sequence, holders++) ?? default;

    public readonly void Leave(MqttReasonCode reason = MqttReasonCode.Success) => sequencer?.Leave(sequence, reason);

    public readonly ValueTask WaitForRoomAsync() => sequencer?.WaitForRoomAsync() ?? ValueTask.CompletedTask;
}
