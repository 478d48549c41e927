using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>A copy of a message that cannot be taken yet, with its acknowledgement.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Retained">Whether the broker had kept it.</param>
/// <param name="Arrival">The monotonic tick of its arrival.</param>
/// <param name="Acknowledgement">What releases it.</param>
internal sealed record HeldMessage(string Topic, byte[] Payload, bool Retained, long Arrival, BusAcknowledgement Acknowledgement)
{
    public static HeldMessage From(in BusMessage message) =>
        new(message.Topic, message.Payload.ToArray(), message.Retained, message.Arrival, message.Acknowledgement);

    public BusMessage AsMessage() =>
        new() { Topic = Topic, Payload = Payload, Retained = Retained, Arrival = Arrival, Acknowledgement = Acknowledgement };
}
