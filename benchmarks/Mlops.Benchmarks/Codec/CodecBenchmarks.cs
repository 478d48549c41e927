using System.Buffers;
using BenchmarkDotNet.Attributes;
using Mlops.Mqtt;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Transport;

namespace Mlops.Benchmarks.Codec;

/// <summary>What a packet costs to write, to read, and to cut out of a receive buffer.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int PayloadSize = 1000;
    private const int PacketsOfBuffer = 32;
    private readonly CountingReceiver _receiver = new();
    private readonly byte[] _target = new byte[PayloadSize + 100];
    private byte[] _publish = [];
    private byte[] _buffer = [];

    /// <summary>Gets or sets the version of the protocol: 4 for 3.1.1, or 5.</summary>
    [Params(4, 5)]
    public int Version { get; set; }

    private MqttProtocolVersion Spoken => Version == 5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311;

    [GlobalSetup]
    public void Prepare()
    {
        _publish = _target[..WritePublish()];
        _buffer = [.. Enumerable.Repeat(_publish, PacketsOfBuffer).SelectMany(packet => packet)];
    }

    [Benchmark]
    public int WritePublish()
    {
        var writer = new PublishWriter(PublishFlags.Of(MqttQualityOfService.AtLeastOnce, retain: false), "plant/line/4/temperature"u8, [], [], PayloadSize, Spoken);
        writer.Write(_target, 1);
        return writer.PacketLength;
    }

    [Benchmark]
    public int ReadPublish()
    {
        FrameHeader.TryRead(_publish, out FrameHeader header);
        return PublishPacket.Read(header.First, _publish.AsSpan(header.Size, header.BodyLength), Spoken).Payload.Length;
    }

    [Benchmark]
    public int WriteAndReadPubAck()
    {
        Span<byte> target = stackalloc byte[AcknowledgePacket.MaxSize];
        new AcknowledgePacket(1, MqttReasonCode.Success).Write(target, PacketType.PubAck, Spoken);
        FrameHeader.TryRead(target, out FrameHeader header);
        return AcknowledgePacket.Read(header.First, target.Slice(header.Size, header.BodyLength), Spoken).PacketId;
    }

    [Benchmark(OperationsPerInvoke = PacketsOfBuffer)]
    public int CutPublishOutOfBuffer()
    {
        var cutter = new FrameCutter(new ReadOnlySequence<byte>(_buffer));
        cutter.TryHandOver(_receiver, 0, out _);
        return _receiver.Packets;
    }

    private sealed class CountingReceiver : IPacketReceiver
    {
        public int Packets { get; private set; }

        public int MaxPacketSize => int.MaxValue;

        public ValueTask Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered)
        {
            Packets++;
            return ValueTask.CompletedTask;
        }

        public byte[]? Farewell(MqttException error) => null;
    }
}
