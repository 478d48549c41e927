using System.Buffers;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Transport;

/// <summary>Cuts what was read into packets and hands them over, without a copy where a packet lies in one piece.</summary>
internal struct FrameCutter(ReadOnlySequence<byte> buffer)
{
    /// <summary>The largest packet in bytes that is not a PUBLISH; generous for a CONNECT with a will, and for long SUBSCRIBEs.</summary>
    public const int MaxControlPacketSize = 1024 * 1024;

    private ReadOnlySequence<byte> rest = buffer;

    /// <summary>The start of what is not handed over yet.</summary>
    public readonly SequencePosition Consumed => rest.Start;

    /// <summary>Hands over packets until one asks to wait (true, with its task) or none is complete (false).</summary>
    public bool TryHandOver(IPacketReceiver receiver, long ticks, out ValueTask pending)
    {
        while (true)
        {
            var first = rest.FirstSpan;
            int at = 0;
            while (FrameHeader.TryRead(first[at..], out var header))
            {
                CheckLimit(header, receiver);
                int end = at + header.PacketLength;
                if (end > first.Length)
                    break;
                bool more = IsComplete(first[end..]) || (rest.Length > first.Length && IsComplete(rest.Slice(end)));
                pending = receiver.Receive(header.First, first.Slice(at + header.Size, header.BodyLength), ticks, more);
                at = end;
                if (!Finish(pending))
                {
                    rest = rest.Slice(at);
                    return true;
                }
            }

            rest = rest.Slice(at);
            if (!TryHandOverSplit(receiver, ticks, out pending, out bool waits))
                return false;
            if (waits)
                return true;
        }
    }

    /// <summary>Hands over a packet that crosses a boundary in the buffer.</summary>
    private bool TryHandOverSplit(IPacketReceiver receiver, long ticks, out ValueTask pending, out bool waits)
    {
        pending = default;
        waits = false;
        if (!TryReadHeader(rest, out var header))
            return false;
        CheckLimit(header, receiver);
        if (rest.Length < header.PacketLength)
            return false;
        var body = rest.Slice(header.Size, header.BodyLength);
        rest = rest.Slice(header.PacketLength);
        bool more = IsComplete(rest);
        if (body.IsSingleSegment)
        {
            pending = receiver.Receive(header.First, body.FirstSpan, ticks, more);
        }
        else
        {
            var copy = ArrayPool<byte>.Shared.Rent(header.BodyLength);
            try
            {
                body.CopyTo(copy);
                pending = receiver.Receive(header.First, copy.AsSpan(0, header.BodyLength), ticks, more);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(copy);
            }
        }

        waits = !Finish(pending);
        return true;
    }

    private static bool Finish(ValueTask pending)
    {
        if (!pending.IsCompletedSuccessfully)
            return false;
        // Gives a reused task source back to its owner.
        pending.GetAwaiter().GetResult();
        return true;
    }

    private static void CheckLimit(FrameHeader header, IPacketReceiver receiver)
    {
        int limit = header.Type == PacketType.Publish ? receiver.MaxPacketSize : Math.Min(receiver.MaxPacketSize, MaxControlPacketSize);
        if (header.PacketLength > limit)
        {
            throw new MqttProtocolException(
                MqttReasonCode.PacketTooLarge, $"A {header.Type} of {header.PacketLength} bytes exceeds the limit of {limit} bytes.");
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> bytes) =>
        FrameHeader.TryRead(bytes, out var header) && header.PacketLength <= bytes.Length;

    private static bool IsComplete(ReadOnlySequence<byte> bytes) =>
        TryReadHeader(bytes, out var header) && header.PacketLength <= bytes.Length;

    private static bool TryReadHeader(ReadOnlySequence<byte> bytes, out FrameHeader header)
    {
        Span<byte> start = stackalloc byte[FrameHeader.MaxSize];
        int length = (int)Math.Min(FrameHeader.MaxSize, bytes.Length);
        bytes.Slice(0, length).CopyTo(start);
        return FrameHeader.TryRead(start[..length], out header);
    }
}
