using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>What is done after a commit: an acknowledgement is released, a packet is sent, or a task completes.</summary>
internal readonly struct CommitWaiter
{
    public MqttAcknowledgement Acknowledgement { get; init; }

    public Outbox? Outbox { get; init; }

    public OutboundPacket Packet { get; init; }

    public TaskCompletionSource? Completion { get; init; }

    /// <summary>Told too when the commit fails, instead of waiting for one that does not.</summary>
    public TaskCompletionSource<bool>? Attempt { get; init; }

    public void Run()
    {
        Acknowledgement.Complete();
        Outbox?.Add(Packet);
        Completion?.TrySetResult();
        Attempt?.TrySetResult(true);
    }
}
