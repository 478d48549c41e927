namespace Mlops.Mqtt.Sessions;

/// <summary>A publish that waits for room. Nothing is copied yet: its caller waits too and keeps the payload unchanged.</summary>
internal readonly record struct BlockedPublish(string Topic, ReadOnlyMemory<byte> Payload, byte Flags, PublishCompletion Completion)
{
    public int Length => Topic.Length + Payload.Length;

    public SharedMessage Copy() => SharedMessage.Create(Topic, [], Payload.Span, Flags);
}
