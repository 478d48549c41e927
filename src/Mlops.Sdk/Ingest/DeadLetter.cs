using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>A message that could not be understood, whose it is, and why.</summary>
internal sealed record DeadLetter(
    string Topic, DeadLetterCause Cause, string Source, string Reason, DateTimeOffset Time, byte[] Payload, int PayloadBytes, BusAcknowledgement Acknowledgement)
{
    /// <summary>Copies the message, which is only valid during its handler's call.</summary>
    public static DeadLetter From(in BusMessage message, DeadLetterCause cause, string source, string reason, DateTimeOffset time, int maxPayload) =>
        new(message.Topic, cause, source, reason, time, message.Payload[..Math.Min(message.Payload.Length, maxPayload)].ToArray(), message.Payload.Length, message.Acknowledgement);
}
