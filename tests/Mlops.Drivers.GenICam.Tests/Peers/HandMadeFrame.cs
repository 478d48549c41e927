using System.Buffers.Binary;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A frame of the hand-made camera: what it shows and says follows from its number, and it can be cut into packets as GVSP has them.</summary>
internal sealed class HandMadeFrame(ushort number, int width, int height, int chunks, int payloadType)
{
    /// <summary>Payload type of GigE Vision 2: a picture, with chunks after it.</summary>
    public const int PictureWithChunks = 0x4001;

    /// <summary>Payload type of GigE Vision 1: chunks, of which the picture is one; nothing says what it is.</summary>
    public const int ChunksAlone = 0x0004;
    private const int Picture = 0x0001;
    private const int Header = 8;

    // IP and UDP.
    private const int Below = 28;
    private const int ChunkTail = 8;

    // Each has its value in 8 or 4 bytes, and says after it which it is and how long.
    private static readonly (int Id, int Length)[] Chunks = [(0xC0, 8), (0xC1, 4), (0xC2, 4), (0xC3, 4)];

    public ushort Number => number;

    public static double ExposureOf(long number) => 1000 + (number / 8.0);

    public static double GainOf(long number) => number % 24;

    public static long LinesOf(long number) => number % 16;

    public static bool IsLit(long number) => number % 2 == 1;

    public static byte[] PixelsOf(long number, int width, int height)
    {
        var pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i + (number * 7));
        return pixels;
    }

    /// <summary>Returns how many bytes a frame takes.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="chunks">A bit for each chunk that is enabled; negative when there are none at all.</param>
    public static int Size(int width, int height, int chunks) =>
        (width * height) + (chunks < 0 ? 0 : ChunkTail + Chunks.Where((_, i) => (chunks >> i & 1) != 0).Sum(c => c.Length + ChunkTail));

    /// <summary>Returns its packets, each at the index of its number.</summary>
    public byte[][] Packets(int packetSize)
    {
        byte[] content = Content();
        int room = packetSize - Below - Header;
        int count = (content.Length + room - 1) / room;
        var packets = new byte[count + 2][];
        packets[0] = Leader();
        for (int i = 1; i <= count; i++)
        {
            ReadOnlySpan<byte> part = content.AsSpan((i - 1) * room, Math.Min(room, content.Length - ((i - 1) * room)));
            packets[i] = Packet(3, i, part.Length);
            part.CopyTo(packets[i].AsSpan(Header));
        }

        packets[^1] = Packet(2, count + 1, 8);
        BinaryPrimitives.WriteUInt32BigEndian(packets[^1].AsSpan(Header), (uint)Type);
        BinaryPrimitives.WriteUInt32BigEndian(packets[^1].AsSpan(Header + 4), (uint)height);
        return packets;
    }

    private int Type => chunks < 0 ? Picture : payloadType;

    private byte[] Leader()
    {
        byte[] packet = Packet(1, 0, 36);
        Span<byte> fields = packet.AsSpan(Header);
        BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)Type);
        BinaryPrimitives.WriteUInt64BigEndian(fields[4..], number * 40_000_000UL);
        if (Type == ChunksAlone)
            return packet[..(Header + 12)];
        BinaryPrimitives.WriteUInt32BigEndian(fields[12..], CameraRegisters.Mono8);
        BinaryPrimitives.WriteUInt32BigEndian(fields[16..], (uint)width);
        BinaryPrimitives.WriteUInt32BigEndian(fields[20..], (uint)height);
        return packet;
    }

    private byte[] Packet(byte kind, int index, int length)
    {
        var packet = new byte[Header + length];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), number);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)index);
        packet[4] = kind;
        return packet;
    }

    private byte[] Content()
    {
        var content = new byte[Size(width, height, chunks)];
        PixelsOf(number, width, height).CopyTo(content, 0);
        if (chunks < 0)
            return content;
        int at = Close(content, width * height, 0x01, width * height);
        for (int i = 0; i < Chunks.Length; i++)
        {
            if ((chunks >> i & 1) == 0)
                continue;
            Span<byte> value = content.AsSpan(at, Chunks[i].Length);
            switch (i)
            {
                case 0:
                    BinaryPrimitives.WriteDoubleBigEndian(value, ExposureOf(number));
                    break;
                case 1:
                    BinaryPrimitives.WriteSingleBigEndian(value, (float)GainOf(number));
                    break;
                default:
                    BinaryPrimitives.WriteInt32BigEndian(value, i == 2 ? (int)LinesOf(number) : IsLit(number) ? 1 : 0);
                    break;
            }

            at = Close(content, at + Chunks[i].Length, Chunks[i].Id, Chunks[i].Length);
        }

        return content;
    }

    private static int Close(byte[] content, int at, int id, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(at), id);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(at + 4), length);
        return at + ChunkTail;
    }
}
