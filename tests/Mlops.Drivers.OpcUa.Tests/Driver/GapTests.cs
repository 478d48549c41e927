using System.Diagnostics.Metrics;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>What is missed is counted and told.</summary>
public sealed class GapTests
{
    [Fact]
    public async Task Run_QueueOfTheServerOverflows_IsDegradedAndSaysWhatHelps()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, interval = 20 });
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings
        {
            Endpoint = server.Endpoint,
            Groups = [new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], Records = OpcUaRecords.Change, Queue = 2, Sampling = TimeSpan.Zero, Interval = TimeSpan.FromSeconds(1) }],
        });

        await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Degraded));

        string reason = driver.Sink.States.First(s => s.State == DriverState.Degraded).Reason!;
        reason.ShouldContain("queue was full");
        reason.ShouldContain("ns=1;s=N0");
        reason.ShouldContain("raise 'queue'");
    }

    [Fact]
    public async Task Run_ValueOfAnotherType_IsEmptyAndSaysSo()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, machine = true });
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, Nodes = ["ns=1;s=Anything", "ns=1;s=N0"] });
        await driver.UntilAsync(sink => sink.Records.Any(r => Equals(r.Values["Anything"], 1.5)));

        await server.SetAsync("Anything", "String", "none");

        await driver.UntilAsync(sink => sink.States[^1].State == DriverState.Degraded);
        driver.Sink.States[^1].Reason!.ShouldContain("of another type than their columns, last of 'ns=1;s=Anything'");
        driver.Sink.Records.Last().Values["Anything"].ShouldBeNull();
    }

    [Fact]
    public void Describe_AfterAMinute_SaysNothingMore()
    {
        var time = new SettableTime();
        using var instruments = new OpcUaInstruments();
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument, instruments.LostMessages) || ReferenceEquals(instrument, instruments.Overflows) || ReferenceEquals(instrument, instruments.Misfits))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) => counted[$"{instrument.Name} {tags[0].Value}"] = counted.GetValueOrDefault($"{instrument.Name} {tags[0].Value}") + count);
        listener.Start();
        var gaps = new GapCounts(instruments, "press", time);
        gaps.Describe().ShouldBeNull();

        gaps.Lose(3);
        gaps.Overflow("ns=1;s=N0");
        time.Advance(TimeSpan.FromSeconds(40));
        gaps.Misfit("ns=1;s=N1");
        gaps.Describe()!.ShouldContain("3 messages");
        gaps.Describe()!.ShouldContain("ns=1;s=N0");
        time.Advance(TimeSpan.FromSeconds(30));

        gaps.Describe().ShouldBe("1 values were of another type than their columns, last of 'ns=1;s=N1', and are empty; see what the server sends there.");
        time.Advance(TimeSpan.FromSeconds(31));
        gaps.Describe().ShouldBeNull();
        counted.ShouldBe(new Dictionary<string, long> { ["mlops.opcua.lost_messages press"] = 3, ["mlops.opcua.overflows press"] = 1, ["mlops.opcua.misfits press"] = 1 }, ignoreOrder: true);
    }

    private sealed class SettableTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
