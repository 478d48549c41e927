using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;
using Mlops.Store;

namespace Mlops.Scenarios.Tests;

/// <summary>A whole node whose clock is set while data arrives.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly string _data = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Ingest_ClockJumpsByHoursBothWays_KeepsEveryRecordInOrderAndGoesOnWritingFiles()
    {
        const string App = "press1", Collection = "cycle";
        int[] jumps = [5, -10, 30, -48, 24];
        int perJump = Repository.Count(500, 20_000);
        var clock = new SetClock();
        string[] settings = ["Store:SegmentBytes=64 KB", "Store:SegmentCheckInterval=00:00:00.05", "Store:CompactionFiles=2"];
        using IHost host = NodeChild.Build(_data, settings, services => services.AddSingleton<TimeProvider>(clock));
        await host.StartAsync();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = host.Services.GetRequiredService<IMqttEndpoint>().Port, ClientId = App });
        await client.ConnectAsync();
        await client.PublishAsync(BusText.MetadataTopic(App), BusText.Metadata(App, [Collection]), MqttQualityOfService.AtLeastOnce, retain: true);

        int number = 0;
        foreach (int hours in jumps.Prepend(0))
        {
            clock.Jump(TimeSpan.FromHours(hours));
            var sending = new List<Task>();
            for (int i = 0; i < perJump; i++, number++)
            {
                // Without a time of its own a record has that of the node's clock.
                byte[] payload = number % 2 == 0 ? BusText.Record(number + 1, number) : System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"seq":{{number + 1}},"mdHashVer":1,"vals":[{"id":"n","val":"{{number}}"}]}"""));
                sending.Add(client.PublishAsync(BusText.Topic(App, Collection), payload, MqttQualityOfService.AtLeastOnce).AsTask());
            }

            await Task.WhenAll(sending).WaitAsync(RunningNode.Patience);
        }

        IFeedReader reader = host.Services.GetRequiredService<IFeedReader>();
        var read = new List<(long Number, long Received)>();
        await foreach (RecordBatch batch in reader.ReadAsync(new FeedQuery { Feed = BusText.Feed(App, Collection) }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                    read.Add((batch.Column(0).Values<long>()[row], batch.Received[row]));
            }
        }

        read.Select(r => r.Number).ShouldBe(Enumerable.Range(0, number).Select(i => (long)i));
        for (int i = 0; i < jumps.Length; i++)
        {
            // Each jump shows in the time of arrival, give or take what the messages before it took.
            TimeSpan seen = TimeSpan.FromMicroseconds((read[(i + 1) * perJump].Received - read[((i + 1) * perJump) - 1].Received) / 1000);
            seen.ShouldBe(TimeSpan.FromHours(jumps[i]), TimeSpan.FromMinutes(30));
        }

        await host.StopAsync();
        ParquetFolder.ReadNumbers(_data, BusText.Feed(App, Collection), "number").ShouldBe(Enumerable.Range(0, number).Select(i => (long)i));
    }

    /// <summary>The system's clock, set wrong: the time of day jumps, timers and stopwatches go on, as in a real process.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long _offset;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

        public void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
    }
}
