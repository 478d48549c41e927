using Mlops.Data;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

public sealed class RecordAssemblerTests : IDisposable
{
    private static readonly UaTime Start = UaTime.From(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly OpcUaInstruments _instruments = new();

    public void Dispose() => _instruments.Dispose();

    [Fact]
    public void Take_CycleInSeveralMessages_MakesOneRecord()
    {
        RecordAssembler assembler = Create(new OpcUaGroupSettings());

        assembler.Take(Message(more: true, (1, 1.5, 0))).ShouldBeNull();
        assembler.Take(Message(more: true, (2, 2.5, 20))).ShouldBeNull();
        using RecordBatch batch = assembler.Take(Message(more: false, (1, 1.75, 10)))!;

        batch.Count.ShouldBe(1);
        (batch.Column(0).GetValue(0), batch.Column(1).GetValue(0)).ShouldBe((1.75, 2.5));
        batch.Timestamps[0].ShouldBe(new UaTime(Start.Ticks + 20).ToNanoseconds());
        assembler.Close();
    }

    [Fact]
    public void Take_WithoutHold_LeavesEmptyWhatHasNotChanged()
    {
        RecordAssembler assembler = Create(new OpcUaGroupSettings { Hold = false });
        assembler.Take(Message(more: false, (1, 1.0, 0), (2, 2.0, 0)))!.Dispose();

        using RecordBatch batch = assembler.Take(Message(more: false, (2, 3.0, 1)))!;

        (batch.Column(0).GetValue(0), batch.Column(1).GetValue(0)).ShouldBe((null, 3.0));
        assembler.Close();
    }

    [Fact]
    public void Take_ValueThatIsHereAlready_MakesNoRecord()
    {
        RecordAssembler assembler = Create(new OpcUaGroupSettings { Records = OpcUaRecords.Change });
        assembler.Take(Message(more: false, (1, 1.0, 5)))!.Dispose();

        assembler.Take(Message(more: false, (1, 1.0, 5))).ShouldBeNull();
        using RecordBatch later = assembler.Take(Message(more: false, (1, 1.0, 6)))!;

        later.Count.ShouldBe(1);
        assembler.Close();
    }

    [Fact]
    public void Take_UnknownHandle_IsLeftOut()
    {
        RecordAssembler assembler = Create(new OpcUaGroupSettings());

        assembler.Take(Message(more: false, (9, 1.0, 0))).ShouldBeNull();
        assembler.Close();
    }

    private RecordAssembler Create(OpcUaGroupSettings group)
    {
        WatchedNode[] nodes = [.. new[] { "A", "B" }.Select(n => new WatchedNode(new NodeId(n, 1), n, BuiltInType.Double, IsArray: false, null, n))];
        var schema = new FeedSchema("opcua.press.values", nodes.SelectMany(n => n.Fields));
        return new RecordAssembler(schema, nodes, [1, 2], group, new GapCounts(_instruments, "press", TimeProvider.System), TimeProvider.System);
    }

    private static Notification Message(bool more, params (uint Handle, double Value, long Tick)[] changes)
    {
        var writer = new UaWriter();
        writer.UInt32(1);
        writer.Time(Start);
        writer.Int32(1);
        int body = writer.BeginExtensionObject(811);
        writer.Int32(changes.Length);
        foreach (var (handle, value, tick) in changes)
        {
            writer.UInt32(handle);
            writer.DataValue(new DataValue(Variant.From(value), default, new UaTime(Start.Ticks + tick)));
        }

        writer.Int32(-1);
        writer.EndLength(body);
        var notification = new Notification { MoreFollow = more };
        var reader = new UaReader(writer.Written);
        notification.ReadMessage(ref reader);
        return notification;
    }
}
