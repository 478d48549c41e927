using System.IO.Pipelines;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Transport;

/// <summary>The write loop: drains the outbox into one buffer and sends it when the outbox is empty or the buffer full.</summary>
internal sealed class PacketWriter(Stream stream, TimeProvider time, Traffic total)
{
    private const int BufferSize = 32 * 1024;
    private const int FlushAt = 64 * 1024;

    private const int CostOfRound = 1024;

    /// <summary>Payloads from this size on are sent from where they lie.</summary>
    private const int LargePayload = 16 * 1024;

    private readonly PipeWriter output = PipeWriter.Create(
        stream, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));

    private TrafficTally sent;
    private long lastSent = time.GetTimestamp();

    /// <summary>Bytes written since the outbox was last empty; a round counts as many at least as it costs.</summary>
    private long inARow;

    /// <summary>The version of the peer; set before the first packet that depends on it.</summary>
    public MqttProtocolVersion Version { get; set; }

    /// <summary>The largest packet that the peer takes.</summary>
    public uint MaxPacketSize { get; set; } = uint.MaxValue;

    /// <summary>The topic aliases that the peer allows, or null.</summary>
    public TopicAliases? Aliases { get; set; }

    public long LastSent => Volatile.Read(ref lastSent);

    /// <summary>Runs until the outbox is completed and empty, or the connection breaks: then returns the error.</summary>
    public async Task<Exception?> RunAsync(Outbox outbox)
    {
        try
        {
            while (true)
            {
                // Asked before draining: what was added before the completion is drained after it.
                bool last = outbox.IsCompleted;
                while (outbox.TryTake(out var packet))
                {
                    if (packet.Message is { } message)
                        await WriteAsync(packet, message).ConfigureAwait(false);
                    else
                        WriteControl(packet);
                    if (output.UnflushedBytes >= FlushAt)
                    {
                        await FlushAsync().ConfigureAwait(false);
                        await BorrowedThread.LeaveAsync();
                    }
                }

                total.Add(ref sent);
                if (output.UnflushedBytes > 0)
                    await FlushAsync().ConfigureAwait(false);
                if (last)
                    break;
                var more = outbox.WaitAsync();
                if (!more.IsCompleted)
                {
                    inARow = 0;
                }
                else if ((inARow += CostOfRound) > FlushAt)
                {
                    // Filled again and again: that may go on, and is no business of the reader whose thread this may be.
                    await BorrowedThread.LeaveAsync();
                    inARow = 0;
                }

                await more.ConfigureAwait(false);
            }

            await output.CompleteAsync().ConfigureAwait(false);
            await BorrowedThread.LeaveAsync();
            return null;
        }
        catch (Exception error)
        {
            // With the error, as completing without one would try to write the rest.
            await output.CompleteAsync(error).ConfigureAwait(false);
            await BorrowedThread.LeaveAsync();
            return error;
        }
    }

    private ValueTask<FlushResult> FlushAsync()
    {
        Volatile.Write(ref lastSent, time.GetTimestamp());
        inARow += output.UnflushedBytes;
        return output.FlushAsync();
    }

    private ValueTask WriteAsync(in OutboundPacket packet, SharedMessage message)
    {
        var payload = message.Payload;
        var publish = Frame(packet, message, payload.Length);
        sent.CountPacket(publish.PacketLength);
        sent.CountMessage(PublishFlags.QualityOfService(packet.Flags));
        sent.CountPayload(payload.Length);
        publish.Write(output.GetSpan(publish.HeaderLength), packet.PacketId);
        output.Advance(publish.HeaderLength);
        if (payload.Length >= LargePayload)
            return WriteLargeAsync(message);
        payload.Span.CopyTo(output.GetSpan(payload.Length));
        output.Advance(payload.Length);
        message.Release();
        return ValueTask.CompletedTask;
    }

    private PublishWriter Frame(in OutboundPacket packet, SharedMessage message, int payloadLength)
    {
        bool known = false;
        ushort alias = Aliases?.Find(message.Topic, message.TopicUtf8.Length, out known) ?? 0;
        uint? expiry = MessageClock.Left(time, message.ExpiresAt);
        var framed = new PublishWriter(
            packet.Flags, known ? default : message.TopicUtf8, message.Properties, packet.SubscriptionIds, payloadLength, Version, expiry, alias);
        if (alias == 0 || known)
            return framed;
        // The queue has made sure that it fits without the alias.
        if ((uint)framed.PacketLength > MaxPacketSize)
            return new PublishWriter(packet.Flags, message.TopicUtf8, message.Properties, packet.SubscriptionIds, payloadLength, Version, expiry);
        Aliases!.Set(alias, message.Topic);
        return framed;
    }

    private async ValueTask WriteLargeAsync(SharedMessage message)
    {
        try
        {
            await FlushAsync().ConfigureAwait(false);
            await BorrowedThread.LeaveAsync();
            await stream.WriteAsync(message.Payload).ConfigureAwait(false);
        }
        finally
        {
            message.Release();
        }
    }

    private void WriteControl(in OutboundPacket packet)
    {
        int length = WriteTo(output, packet);
        output.Advance(length);
        sent.CountPacket(length);
    }

    private int WriteTo(PipeWriter target, in OutboundPacket packet)
    {
        if (packet.Encoded is { } encoded)
        {
            encoded.CopyTo(target.GetSpan(encoded.Length));
            return encoded.Length;
        }

        if (packet.Type is PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp)
            return new AcknowledgePacket(packet.PacketId, packet.Reason).Write(target.GetSpan(AcknowledgePacket.MaxSize), packet.Type, Version);
        return PingPacket.Write(target.GetSpan(PingPacket.Size), packet.Type);
    }
}
