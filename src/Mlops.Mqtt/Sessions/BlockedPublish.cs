using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>A publish that waits for room. Nothing is copied yet: its caller waits too and keeps the payload unchanged.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The content.</param>
/// <param name="Flags">The lower four bits of the PUBLISH.</param>
/// <param name="Completion">Told how it ended.</param>
/// <param name="Properties">The properties, encoded.</param>
/// <param name="ExpiresAt">When it expires, as <see cref="MessageClock"/> tells time.</param>
internal readonly record struct BlockedPublish(
    string Topic,
    ReadOnlyMemory<byte> Payload,
    byte Flags,
    PublishCompletion Completion,
    byte[]? Properties = null,
    long ExpiresAt = MessageClock.Never)
{
    public int Length => Topic.Length + Payload.Length + (Properties?.Length ?? 0);

    public SharedMessage Copy() => SharedMessage.Create(Topic, PublishProperties.Read(Properties), Payload.Span, Flags, ExpiresAt);
}
