using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>A message that could not be understood, and why.</summary>
internal sealed record DeadLetter(string Topic, string Reason, DateTimeOffset Time, byte[] Payload, int PayloadBytes, BusAcknowledgement Acknowledgement)
{
    /// <summary>Copies the message, which is only valid during its handler's call.</summary>
    public static DeadLetter From(in BusMessage message, string reason, DateTimeOffset time, int maxPayload) =>
        From(message.Topic, message.Payload, reason, time, maxPayload, message.Acknowledgement);

    public static DeadLetter From(string topic, ReadOnlySpan<byte> payload, string reason, DateTimeOffset time, int maxPayload, BusAcknowledgement acknowledgement) =>
        new(topic, reason, time, payload[..Math.Min(payload.Length, maxPayload)].ToArray(), payload.Length, acknowledgement);
}
