using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client.Offline;

/// <summary>A message in an outbox.</summary>
/// <param name="Position">Its place; rises by one with each message of an outbox.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The content, a copy of the outbox's own.</param>
/// <param name="Flags">The lower four bits of the PUBLISH.</param>
/// <param name="Properties">The properties, encoded.</param>
/// <param name="ExpiresAt">Milliseconds since 1970 UTC, as it may be sent by another process; <see cref="MessageClock.Never"/> for never.</param>
internal sealed record KeptPublish(long Position, string Topic, byte[] Payload, byte Flags, byte[]? Properties, long ExpiresAt)
{
    public static KeptPublish Of(long position, in BlockedPublish publish, TimeProvider time) => new(
        position,
        publish.Topic,
        publish.Payload.ToArray(),
        publish.Flags,
        publish.Properties,
        publish.ExpiresAt == MessageClock.Never
            ? MessageClock.Never
            : time.GetUtcNow().ToUnixTimeMilliseconds() + ((publish.ExpiresAt - time.GetTimestamp()) * 1000 / time.TimestampFrequency));

    public bool IsExpired(TimeProvider time) => ExpiresAt != MessageClock.Never && time.GetUtcNow().ToUnixTimeMilliseconds() >= ExpiresAt;

    public BlockedPublish ToPublish(PublishCompletion completion, TimeProvider time) => new(
        Topic,
        Payload,
        Flags,
        completion,
        Properties,
        ExpiresAt == MessageClock.Never
            ? MessageClock.Never
            : time.GetTimestamp() + ((ExpiresAt - time.GetUtcNow().ToUnixTimeMilliseconds()) * time.TimestampFrequency / 1000));
}
