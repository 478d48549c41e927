using System.Buffers;
using System.Diagnostics;
using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>A message that outlives its receive buffer, shared by all queues that hold it.</summary>
/// <remarks>
/// One array holds topic, properties and payload. Whoever puts the message somewhere adds a reference; whoever takes it out for
/// good releases it; the last release gives it back for reuse. Nobody may touch the message after giving its own reference away.
/// </remarks>
internal sealed class SharedMessage(byte[] buffer)
{
    private int topicLength;
    private int propertiesLength;
    private int payloadLength;
    private int references;
    private IMessageStore? store;

    public string Topic { get; private set; } = "";

    public byte Flags { get; private set; }

    /// <summary>When the message expires, as <see cref="MessageClock"/> tells time.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>The name of the message in a store, or 0 while none has it.</summary>
    public long StoreId { get; private set; }

    public ReadOnlySpan<byte> TopicUtf8 => buffer.AsSpan(0, topicLength);

    /// <summary>What travels with the message, encoded: all but the alias of the topic and the expiry.</summary>
    public ReadOnlySpan<byte> Properties => buffer.AsSpan(topicLength, propertiesLength);

    public ReadOnlyMemory<byte> Payload => buffer.AsMemory(topicLength + propertiesLength, payloadLength);

    public int Length => topicLength + propertiesLength + payloadLength;

    /// <summary>Copies a message; the caller owns the one reference.</summary>
    public static SharedMessage Create(
        string topic,
        ReadOnlySpan<byte> topicUtf8,
        in PublishProperties properties,
        ReadOnlySpan<byte> payload,
        byte flags,
        long expiresAt = MessageClock.Never)
    {
        int propertiesLength = properties.ForwardedLength;
        var message = MessagePool.Rent(topicUtf8.Length + propertiesLength + payload.Length);
        message.Topic = topic;
        message.Flags = flags;
        message.ExpiresAt = expiresAt;
        message.topicLength = topicUtf8.Length;
        message.propertiesLength = propertiesLength;
        message.payloadLength = payload.Length;
        message.references = 1;
        message.Fill(topicUtf8, properties, payload);
        return message;
    }

    /// <summary>Copies a message whose topic is not known as UTF-8 yet.</summary>
    public static SharedMessage Create(
        string topic, in PublishProperties properties, ReadOnlySpan<byte> payload, byte flags, long expiresAt = MessageClock.Never)
    {
        int size = Encoding.UTF8.GetMaxByteCount(topic.Length);
        var rented = size > 512 ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[512];
        var message = Create(topic, utf8[..Encoding.UTF8.GetBytes(topic, utf8)], properties, payload, flags, expiresAt);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return message;
    }

    public void AddReference() => Interlocked.Increment(ref references);

    public void Release()
    {
        int left = Interlocked.Decrement(ref references);
        Debug.Assert(left >= 0, "A shared message was released too often.");
        if (left != 0)
            return;
        Topic = "";
        store?.Forget(StoreId);
        (store, StoreId) = (null, 0);
        MessagePool.Return(this, buffer);
    }

    /// <summary>Notes that a store keeps the message; it is told when nobody holds it any more.</summary>
    public void KeptBy(IMessageStore keeper, long id) => (store, StoreId) = (keeper, id);

    private void Fill(ReadOnlySpan<byte> topicUtf8, in PublishProperties properties, ReadOnlySpan<byte> payload)
    {
        topicUtf8.CopyTo(buffer);
        properties.CopyForwardedTo(buffer.AsSpan(topicUtf8.Length));
        payload.CopyTo(buffer.AsSpan(topicUtf8.Length + propertiesLength));
    }
}
