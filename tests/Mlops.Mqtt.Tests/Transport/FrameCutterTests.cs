using System.Buffers;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Protocol;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Tests.Transport;

public class FrameCutterTests
{
    [Fact]
    public void TryHandOver_EverySplitOfThreePackets_HandsOverTheSame()
    {
        byte[][] packets = [PacketSamples.Publish(MqttProtocolVersion.V5, 0), [0xC0, 0], PacketSamples.Publish(MqttProtocolVersion.V5, 0b10)];
        byte[] all = [.. packets.SelectMany(packet => packet)];
        for (int first = 0; first <= all.Length; first++)
        {
            for (int second = first; second <= all.Length; second++)
            {
                var receiver = new Receiver();
                var cutter = new FrameCutter(Segments(all, first, second));
                cutter.TryHandOver(receiver, 1, out _).ShouldBeFalse();
                receiver.Packets.ShouldBe(packets);
                receiver.More.ShouldBe([true, true, false]);
            }
        }
    }

    [Fact]
    public void TryHandOver_IncompletePacket_StaysInTheBuffer()
    {
        byte[] packet = PacketSamples.Publish(MqttProtocolVersion.V5, 0);
        for (int length = 0; length < packet.Length; length++)
        {
            var receiver = new Receiver();
            var buffer = new ReadOnlySequence<byte>([0xC0, 0, .. packet[..length]]);
            var cutter = new FrameCutter(buffer);
            cutter.TryHandOver(receiver, 1, out _).ShouldBeFalse();
            receiver.Packets.Count.ShouldBe(1);
            buffer.Slice(cutter.Consumed).Length.ShouldBe(length);
        }
    }

    [Fact]
    public async Task TryHandOver_ReceiverWaits_GoesOnAfterwards()
    {
        var gate = new TaskCompletionSource();
        var receiver = new Receiver { Answer = new ValueTask(gate.Task) };
        var cutter = new FrameCutter(new ReadOnlySequence<byte>([0xC0, 0, 0xC0, 0]));
        cutter.TryHandOver(receiver, 1, out var pending).ShouldBeTrue();
        receiver.Packets.Count.ShouldBe(1);
        gate.SetResult();
        await pending;
        receiver.Answer = default;
        cutter.TryHandOver(receiver, 1, out _).ShouldBeFalse();
        receiver.Packets.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F })] // a PUBLISH of 256 MiB
    [InlineData(new byte[] { 0x10, 0x81, 0x80, 0x40 })] // a CONNECT of 1 MiB
    public void TryHandOver_HeaderOfTooLargePacket_IsRefusedBeforeItsBody(byte[] header) =>
        Should.Throw<MqttProtocolException>(() => new FrameCutter(new ReadOnlySequence<byte>(header)).TryHandOver(new Receiver(), 1, out _))
            .ReasonCode.ShouldBe(MqttReasonCode.PacketTooLarge);

    private static ReadOnlySequence<byte> Segments(byte[] bytes, int first, int second)
    {
        var start = new Segment(bytes.AsMemory(0, first), null);
        var middle = new Segment(bytes.AsMemory(first, second - first), start);
        var end = new Segment(bytes.AsMemory(second), middle);
        return new ReadOnlySequence<byte>(start, 0, end, end.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }

    private sealed class Receiver : IPacketReceiver
    {
        public List<byte[]> Packets { get; } = [];

        public List<bool> More { get; } = [];

        public ValueTask Answer { get; set; }

        public int MaxPacketSize => 16 * 1024 * 1024;

        public ValueTask Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered)
        {
            Packets.Add([first, (byte)body.Length, .. body]);
            More.Add(moreBuffered);
            return Answer;
        }

        public byte[]? Farewell(MqttException error) => null;
    }
}
