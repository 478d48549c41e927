using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>Tells who waits for a delivery how it ended.</summary>
internal static class DeliveryOutcome
{
    /// <summary>The receiver has answered.</summary>
    public static void Acknowledged(PublishCompletion completion, in AcknowledgePacket packet)
    {
        if (completion.Pending is null)
            return;
        if (packet.Reason < MqttReasonCode.UnspecifiedError)
        {
            completion.Succeed();
            return;
        }

        string why = packet.ReasonString is null ? "" : $" ({packet.ReasonString})";
        completion.Fail(new MqttException(packet.Reason, $"The broker refused the message: {packet.Reason}{why}.") { ReasonString = packet.ReasonString });
    }

    /// <summary>The receiver has forgotten its part of an exchange.</summary>
    public static void SessionLost(PublishCompletion completion) => completion.Fail(new MqttException(
        MqttReasonCode.PacketIdentifierNotFound,
        "The broker had the message (PUBREC) and has lost its session since: whether it was handed on is not known. Set SessionExpiry, so that sessions outlive a connection."));

    /// <summary>It was not sent.</summary>
    public static void GivenUp(in Delivery delivery, DropReason reason, in ReceiverLimits receiver)
    {
        if (delivery.Completion.Pending is not null)
            delivery.Completion.Fail(receiver.Explain(reason, delivery.Flags, delivery.Message!.Topic));
    }

    /// <summary>Releases the message of a delivery that is given up with its queue, and notes who waits for it.</summary>
    public static void Abandon(in Delivery delivery, List<PublishCompletion> completions)
    {
        delivery.Message?.Release();
        if (delivery.Completion.Pending is not null)
            completions.Add(delivery.Completion);
    }
}
