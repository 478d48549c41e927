using System.Buffers.Binary;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>Reads what comes on a connection and acknowledges it, without an allocation for a message.</summary>
internal sealed class Acknowledger(Stream stream)
{
    private readonly byte[] input = new byte[64 * 1024];
    private readonly byte[] output = new byte[64 * 1024];
    private int filled;
    private long received;

    /// <summary>How many messages have come.</summary>
    public long Received => Volatile.Read(ref received);

    /// <summary>Runs until the connection ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                int count = await stream.ReadAsync(input.AsMemory(filled));
                if (count == 0)
                    return;
                filled += count;
                int answer = Answer();
                if (answer > 0)
                    await stream.WriteAsync(output.AsMemory(0, answer));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private int Answer()
    {
        int at = 0;
        int written = 0;
        while (FrameHeader.TryRead(input.AsSpan(at, filled - at), out var header) && header.PacketLength <= filled - at)
        {
            Answer(header, input.AsSpan(at + header.Size, header.BodyLength), ref written);
            at += header.PacketLength;
        }

        input.AsSpan(at, filled - at).CopyTo(input);
        filled -= at;
        return written;
    }

    private void Answer(FrameHeader header, ReadOnlySpan<byte> body, ref int written)
    {
        switch (header.Type)
        {
            case PacketType.Publish:
                Volatile.Write(ref received, received + 1);
                var quality = PublishFlags.QualityOfService((byte)(header.First & 15));
                if (quality != MqttQualityOfService.AtMostOnce)
                    Write(quality == MqttQualityOfService.AtLeastOnce ? (byte)0x40 : (byte)0x50, body[(2 + BinaryPrimitives.ReadUInt16BigEndian(body))..], ref written);
                break;
            case PacketType.PubRel:
                Write(0x70, body, ref written);
                break;
            default:
                // Answers to what the test itself has sent.
                break;
        }
    }

    private void Write(byte first, ReadOnlySpan<byte> packetId, ref int written)
    {
        output[written] = first;
        output[written + 1] = 2;
        packetId[..2].CopyTo(output.AsSpan(written + 2));
        written += 4;
    }
}
