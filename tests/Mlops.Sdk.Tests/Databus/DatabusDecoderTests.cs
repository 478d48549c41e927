using System.Text;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusDecoderTests
{
    private const int Messages = 10_000;
    private const int RowsOfABatch = 250;

    [Fact]
    public void Decode_TenThousandMessagesOfTheExpectedForm_AllocatesNothing()
    {
        using var instruments = new IngestInstruments(new DeadLetterTally());
        var decoder = new DatabusDecoder(instruments);
        AnnouncedDataPoint[] points = [new("Pad.Height", "h1", "Real", false), new("Pad.Serial", "s1", "ULInt", false), new("Samples", "ax", "Int", true)];
        var inlet = new FeedInlet(new FeedSchema(Feed, points.Select(p => new FeedField(p.Name, DatabusTypes.FieldTypeOf(p.DataType, p.IsArray)))), duplicateWindow: 4_096);
        var route = new DatabusRoute("aoi1", Topic);
        route.Announce(inlet, new DatabusMap(7, points), "bulk");
        byte[][] messages = [.. Enumerable.Range(1, Messages).Select(i => Encoding.UTF8.GetBytes(
            Bulk(i, i * 0.5).Replace("]}", """,{"id":"ax","val":[1,2,3],"ts":"2026-03-04T05:06:07.1234567Z","qc":3}]}""", StringComparison.Ordinal)))];

        // Once to fill the window, the columns and the processor's idea of the code; then it counts.
        Decode(decoder, route, messages).ShouldBe(Messages);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int rows = Decode(decoder, route, messages);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        rows.ShouldBe(Messages);
        allocated.ShouldBe(0);
    }

    private static int Decode(DatabusDecoder decoder, DatabusRoute route, byte[][] messages)
    {
        int rows = 0;
        foreach (byte[] message in messages)
        {
            rows += decoder.Decode(route, message, received: 1, arrival: 1, wantQualities: true).Rows;
            if (route.Inlet.Rows.Count == RowsOfABatch)
                route.Inlet.Rows.Truncate(0);
        }

        return rows;
    }
}
