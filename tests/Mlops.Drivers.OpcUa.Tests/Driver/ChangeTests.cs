using System.Diagnostics;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>What a server reports, and what it gives up, as the settings say.</summary>
public sealed class ChangeTests
{
    private const long Start = 1_790_000_000_000;

    [Theory]
    [InlineData(OpcUaChange.Status, new double[] { 0, 1, 2 })]
    [InlineData(OpcUaChange.Value, new double[] { 0, 1, 1, 2 })]
    [InlineData(OpcUaChange.Timestamp, new double[] { 0, 1, 1, 1, 2 })]
    public async Task Run_Change_ReportsWhatCountsAsOne(OpcUaChange change, double[] reported)
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, everyChange = true });
        await using RunningDriver driver = StartDriver(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], Records = OpcUaRecords.Change, Sampling = TimeSpan.Zero, Change = change });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        await server.SetAsync("N0", [Value(1, 1), Value(1, 2), Value(1, 3, "UncertainInitialValue"), Value(2, 4)]);
        await driver.UntilAsync(sink => Equals(sink.Records.Last().Values["N0"], 2.0));

        driver.Sink.Records.Select(r => (double)r.Values["N0"]!).ShouldBe(reported);
        // Whatever counts, the change of the status is among it, and the values come with the times of their source.
        driver.Sink.Records.Where(r => r.Quality != driver.Sink.Records.Last().Quality).ShouldHaveSingleItem().Timestamp.ShouldBe((Start + 3) * 1_000_000);
        driver.Sink.Records.Last().Timestamp.ShouldBe((Start + 4) * 1_000_000);
    }

    [Theory]
    [InlineData(OpcUaDiscard.Oldest, new double[] { 0, 8, 9, 10 })]
    [InlineData(OpcUaDiscard.Newest, new double[] { 0, 1, 2, 10 })]
    public async Task Run_QueueOverflows_GivesUpWhatDiscardSays(OpcUaDiscard discard, double[] kept)
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, everyChange = true });
        await using RunningDriver driver = StartDriver(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], Records = OpcUaRecords.Change, Sampling = TimeSpan.Zero, Queue = 3, Discard = discard });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        // All within one publish cycle, as the server does nothing else meanwhile.
        await server.SetAsync("N0", Enumerable.Range(1, 10).Select(i => Value(i, i)));
        await driver.UntilAsync(sink => Equals(sink.Records.Last().Values["N0"], 10.0));

        driver.Sink.Records.Select(r => (double)r.Values["N0"]!).ShouldBe(kept);
        await driver.UntilAsync(sink => sink.States[^1].State == DriverState.Degraded);
        driver.Sink.States[^1].Reason!.ShouldContain("queue was full");
    }

    [Fact]
    public async Task Run_NothingChangesForLong_StaysConnected()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1 });
        await using RunningDriver driver = StartDriver(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"] });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);
        var watch = Stopwatch.StartNew();

        // Longer than several publish requests wait that the server answers one after the other, once every two seconds.
        await driver.UntilAsync(_ => watch.Elapsed > TimeSpan.FromSeconds(15));

        driver.Sink.States.ShouldNotContain(s => s.State == DriverState.Faulted, driver.States);
        await server.SetAsync("N0", "Double", 5);
        await driver.UntilAsync(sink => Equals(sink.Records.Last().Values["N0"], 5.0));
    }

    private static object Value(double value, int milliseconds, string? status = null) => new { dataType = "Double", value, status, at = Start + milliseconds };

    private static RunningDriver StartDriver(NodeOpcUaServer server, OpcUaGroupSettings group) =>
        RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, Groups = [group], Timeout = TimeSpan.FromSeconds(60) });
}
