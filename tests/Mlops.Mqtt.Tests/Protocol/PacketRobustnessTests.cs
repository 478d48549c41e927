using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Protocol;

public class PacketRobustnessTests
{
    /// <summary>What reading a packet of some hundred bytes may allocate at most, an exception included.</summary>
    private const long MaxAllocation = 64 * 1024;

    [Fact]
    public void Read_ValidPackets_AreAccepted()
    {
        foreach (var (packet, version) in PacketSamples.All())
        {
            FrameHeader.TryRead(packet, out var header).ShouldBeTrue();
            Should.NotThrow(() => PacketSamples.Parse(header.First, packet.AsSpan(header.Size), version));
        }
    }

    [Fact]
    public void Read_EveryTruncation_GivesAPacketOrAnError()
    {
        int errors = 0;
        foreach (var (packet, version) in PacketSamples.All())
        {
            FrameHeader.TryRead(packet, out var header);
            for (int length = 0; length < header.BodyLength; length++)
                errors += Try(header.First, packet.AsSpan(header.Size, length), version);
        }

        errors.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Read_EveryBitFlip_GivesAPacketOrAnError()
    {
        int errors = 0;
        foreach (var (packet, version) in PacketSamples.All())
        {
            for (int bit = 0; bit < packet.Length * 8; bit++)
            {
                var flipped = (byte[])packet.Clone();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                errors += TryFrame(flipped, version);
            }
        }

        errors.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Read_RandomBytes_GivesAPacketOrAnError()
    {
        var random = new Random(4711);
        for (int round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            Try(bytes[0], bytes.AsSpan(1), round % 2 == 0 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V5);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x36, 0, 1, (byte)'a', 0, 1 }, 5, MqttReasonCode.MalformedPacket)] // QoS 3
    [InlineData(new byte[] { 0x38, 0, 1, (byte)'a' }, 4, MqttReasonCode.MalformedPacket)] // duplicate with QoS 0
    [InlineData(new byte[] { 0x32, 0, 1, (byte)'a', 0, 0 }, 4, MqttReasonCode.ProtocolError)] // packet identifier 0
    [InlineData(new byte[] { 0x30, 0, 1, (byte)'a', 3, 17, 0, 0 }, 5, MqttReasonCode.ProtocolError)] // property of another packet
    [InlineData(new byte[] { 0x30, 0, 1, (byte)'a', 1, 99 }, 5, MqttReasonCode.MalformedPacket)] // unknown property
    [InlineData(new byte[] { 0x30, 0, 1, (byte)'a', 4, 1, 0, 1, 0 }, 5, MqttReasonCode.ProtocolError)] // property twice
    [InlineData(new byte[] { 0x30, 0, 1, (byte)'a', 2, 1, 7 }, 5, MqttReasonCode.ProtocolError)] // flag neither 0 nor 1
    [InlineData(new byte[] { 0x80, 0, 1, 0, 1, (byte)'a', 0 }, 4, MqttReasonCode.MalformedPacket)] // flags of SUBSCRIBE
    [InlineData(new byte[] { 0x82, 0, 1 }, 4, MqttReasonCode.ProtocolError)] // no filter
    [InlineData(new byte[] { 0x82, 0, 1, 0, 1, (byte)'a', 3 }, 4, MqttReasonCode.ProtocolError)] // QoS 3
    [InlineData(new byte[] { 0x82, 0, 1, 0, 1, (byte)'a', 4 }, 4, MqttReasonCode.MalformedPacket)] // option of MQTT 5
    [InlineData(new byte[] { 0x82, 0, 1, 0, 0, 1, (byte)'a', 0x30 }, 5, MqttReasonCode.ProtocolError)] // retain handling 3
    [InlineData(new byte[] { 0x82, 0, 1, 0, 0, 1, (byte)'a', 0x40 }, 5, MqttReasonCode.MalformedPacket)] // reserved option
    [InlineData(new byte[] { 0x82, 0, 1, 0, 1, 0xFF, 0 }, 4, MqttReasonCode.MalformedPacket)] // not UTF-8
    [InlineData(new byte[] { 0xA2, 0, 1, 0, 0 }, 4, MqttReasonCode.MalformedPacket)] // empty filter
    [InlineData(new byte[] { 0x10, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 3, 2, 0, 0, 0, 0 }, 4, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData(new byte[] { 0x10, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 3, 0, 0, 0, 0 }, 4, MqttReasonCode.MalformedPacket)] // reserved flag
    [InlineData(new byte[] { 0x10, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 0x42, 0, 0, 0, 0, 0, 0 }, 4, MqttReasonCode.MalformedPacket)] // password without user
    public void Read_ForbiddenContent_GivesTheReason(byte[] bytes, int level, MqttReasonCode reason) =>
        Should.Throw<MqttProtocolException>(() => PacketSamples.Parse(bytes[0], bytes.AsSpan(1), (MqttProtocolVersion)level))
            .ReasonCode.ShouldBe(reason);

    private static int TryFrame(byte[] bytes, MqttProtocolVersion version)
    {
        try
        {
            return FrameHeader.TryRead(bytes, out var header) && header.PacketLength <= bytes.Length
                ? Try(header.First, bytes.AsSpan(header.Size, header.BodyLength), version)
                : 0;
        }
        catch (MqttProtocolException)
        {
            return 1;
        }
    }

    /// <summary>Any other exception, and any allocation for a length that was only claimed, fails the test.</summary>
    private static int Try(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        int errors = 0;
        try
        {
            PacketSamples.Parse(first, body, version);
        }
        catch (MqttProtocolException)
        {
            errors = 1;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxAllocation);
        return errors;
    }
}
