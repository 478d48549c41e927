using System.Diagnostics;
using Mlops.Data;
using Mlops.Drivers.OpcUa;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Benchmarks.OpcUa;

/// <summary>Messages of a subscription again and again: how fast the client can be where no server holds it up.</summary>
internal static class Replay
{
    private const int Values = 1_000;

    private static readonly Notification Read = new();
    private static readonly PublishRequest Request = new([], () => Read);

    public static IReadOnlyDictionary<string, double> Run(TimeSpan duration)
    {
        // Two that take turns: a value that equals the one before is none.
        byte[][] messages = [Message(0), Message(1)];
        WatchedNode[] nodes = [.. Enumerable.Range(0, Values).Select(i => new WatchedNode(new NodeId($"N{i}", 1), $"N{i}", BuiltInType.Double, IsArray: false, null, $"N{i}"))];
        using var instruments = new OpcUaInstruments();
        var schema = new FeedSchema("opcua.bench.values", nodes.SelectMany(n => n.Fields));
        var assembler = new RecordAssembler(
            schema, nodes, [.. Enumerable.Range(1, Values).Select(i => (uint)i)], new OpcUaGroupSettings(), new GapCounts(instruments, "bench", TimeProvider.System), TimeProvider.System);
        for (int i = 0; i < 2_000; i++)
            TakeOne(messages[i & 1], assembler);
        long count = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            for (int i = 0; i < 20; i++, count += Values)
                TakeOne(messages[i & 1], assembler);
        }

        double seconds = watch.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        assembler.Close();
        return new Dictionary<string, double> { ["decoded"] = count / seconds, ["allocated a value"] = (double)allocated / count };
    }

    /// <summary>Writes the message to a file, for the peer, and returns its path.</summary>
    public static string MessageFile()
    {
        string file = Path.Combine(Path.GetTempPath(), "mlops-bench-publish-response.bin");
        File.WriteAllBytes(file, Message(0));
        return file;
    }

    private static void TakeOne(byte[] message, RecordAssembler assembler)
    {
        var reader = new UaReader(message);
        ServiceHeaders.ReadResponse(ref reader, Request.ResponseTypeId, Request);
        using RecordBatch batch = assembler.Take(Request.Read(ref reader)) ?? throw new InvalidOperationException("The message has no values.");
    }

    // A PublishResponse (OPC 10000-4, 5.14.5) with one value of each node, its status good, with both times.
    private static byte[] Message(int more)
    {
        var writer = new UaWriter();
        UaTime now = UaTime.From(DateTimeOffset.UtcNow);
        writer.NodeId(new NodeId(829));
        writer.Time(now);
        writer.UInt32(1);
        writer.UInt32(0);
        writer.Byte(0);
        writer.Int32(0);
        writer.ExtensionObject(null);
        writer.UInt32(1);
        writer.Int32(0);
        writer.Boolean(false);
        writer.UInt32(1);
        writer.Time(now);
        writer.Int32(1);
        int body = writer.BeginExtensionObject(811);
        writer.Int32(Values);
        for (uint i = 1; i <= Values; i++)
        {
            writer.UInt32(i);
            writer.DataValue(new DataValue(Variant.From((i * 0.5) + more), default, now, now));
        }

        writer.Int32(-1);
        writer.EndLength(body);
        writer.Int32(-1);
        writer.Int32(-1);
        return writer.Written.ToArray();
    }
}
