using System.Text;
using Mlops.Databus;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusAllocationTests
{
    [Fact]
    public async Task Value_SteadyTraffic_AllocatesNothingOnTheReadLoop()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Ingest:DuplicateWindow=1000"]);
        node.Store.Forgets = true;
        await node.SendAsync(MetadataTopic, Metadata());
        var consumer = node.Get<DatabusConsumer>();
        const int Rounds = 12;
        const int Messages = 1_000;
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            byte[][] messages = [.. Enumerable.Range((round * Messages) + 1, Messages).Select(i => Encoding.UTF8.GetBytes(Bulk(i, i * 0.5)))];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Pour(consumer, messages);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            await IngestNode.UntilAsync(() => node.Report.Records == (round + 1) * Messages && node.Report.Pending == 0, "records are missing");
        }

        // The first rounds fill the pools of batches. What a message itself cost would be seen in every round.
        least.ShouldBe(0);
    }

    private static void Pour(DatabusConsumer consumer, ReadOnlySpan<byte[]> messages)
    {
        foreach (byte[] payload in messages)
        {
            ValueTask taken = consumer.OnValue(new Messaging.BusMessage { Topic = Topic, Payload = payload, Arrival = 1 });
            if (!taken.IsCompletedSuccessfully)
                taken.AsTask().Wait(IngestNode.Patience).ShouldBeTrue();
        }
    }
}
