using Mlops.Data;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>Each way in which a group can make records.</summary>
public sealed class GroupTests
{
    [Fact]
    public async Task Run_RecordsOfEachChange_KeepEveryValueWithItsTime()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1 });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], Records = OpcUaRecords.Change, Interval = TimeSpan.FromSeconds(1), Sampling = TimeSpan.Zero });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        for (int i = 1; i <= 5; i++)
            await server.SetAsync("N0", "Double", i);
        await driver.UntilAsync(sink => Equals(sink.Records.Last().Values["N0"], 5.0));

        double[] seen = [.. driver.Sink.Records.Select(r => (double)r.Values["N0"]!)];
        seen.ShouldBe(seen.Distinct().Order());
        long[] times = [.. driver.Sink.Records.Select(r => r.Timestamp)];
        times.ShouldBe(times.Order());
    }

    [Fact]
    public async Task Run_ReadInACycle_MakesRecordsWithoutAnyChangeOrSubscription()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 2 });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0", "ns=1;s=N1"], Records = OpcUaRecords.Read, Interval = TimeSpan.FromMilliseconds(50) });

        await driver.UntilAsync(sink => sink.Records.Count >= 5);

        driver.Sink.Records.Last().Values.Values.ShouldBe([0.0, 0.0]);
        (await server.ItemsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Heartbeat_RepeatsTheLastValues()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1 });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], Heartbeat = TimeSpan.FromMilliseconds(150) });

        await driver.UntilAsync(sink => sink.Records.Count >= 4);

        driver.Sink.Records.ShouldAllBe(r => Equals(r.Values["N0"], 0.0));
    }

    [Fact]
    public async Task Run_Trigger_ReportsTheOthersOnlyWithIt()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, machine = true });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], Trigger = "ns=1;s=Trigger", Sampling = TimeSpan.Zero });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        await server.SetAsync("N0", "Double", 7);
        await server.SetAsync("N0", "Double", 8);
        await Task.Delay(500);
        driver.Sink.Records.ShouldAllBe(r => !Equals(r.Values["N0"], 7.0) && !Equals(r.Values["N0"], 8.0));
        await server.SetAsync("Trigger", "Int32", 1);

        await driver.UntilAsync(sink => sink.Records.Any(r => Equals(r.Values["Trigger"], 1L) && Equals(r.Values["N0"], 8.0)));
        driver.Sink.States[^1].State.ShouldBe(DriverState.Connected, driver.States);
    }

    [Fact]
    public async Task Run_DeadbandInPercentOfTheRange_LeavesOutSmallChanges()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { machine = true });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=Force"], Deadband = 10, DeadbandPercent = true, Records = OpcUaRecords.Change, Sampling = TimeSpan.Zero });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        // A tenth of the range is 20: what is nearer than that to the value reported before is not reported, however often the server looks.
        foreach (double reported in new double[] { 25, 50 })
        {
            for (double small = reported - 24; small < reported - 6; small += 3)
            {
                await WriteAsync(small);
                await Task.Delay(60);
            }

            await WriteAsync(reported);
            await driver.UntilAsync(sink => Equals(sink.Records.Last().Values["Force"], reported));
        }

        driver.Sink.Records.Select(r => (double)r.Values["Force"]!).ShouldBe([0, 25, 50]);

        async Task WriteAsync(double value) => (await driver.Writer.WriteAsync([new AssetValue("Force", value)], default))[0].Error.ShouldBeNull();
    }

    [Fact]
    public async Task Run_SkipFirst_LeavesOutWhatWasThereAlready()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1 });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"], SkipFirst = true, Records = OpcUaRecords.Change });
        await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Connected));
        // Until the server has looked once: only then is there a first value to be left out.
        await Eventually.True(() => driver.Received > 0);

        await server.SetAsync("N0", "Double", 3);

        await driver.UntilAsync(sink => !sink.Records.IsEmpty);
        driver.Sink.Records.First().Values["N0"].ShouldBe(3.0);
    }

    [Fact]
    public async Task Run_Events_BecomeRecordsWithTheSelectedFields()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { machine = true });
        await using RunningDriver driver = Start(
            server,
            new OpcUaGroupSettings { Name = "alarms", Events = new OpcUaEventSettings { MinSeverity = 500 } },
            new OpcUaGroupSettings { Name = "press", Events = new OpcUaEventSettings { Type = "ns=1;s=PressEventType", Select = ["Message", "Severity", "1:Force"] } });
        await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Connected));
        await Eventually.True(() => server.ItemsAsync().GetAwaiter().GetResult().Count == 2);

        await server.RaiseAsync("too mild", 100);
        await server.RaiseAsync("hot", 700);
        await server.RaiseAsync("pressed", 300, force: 12.5);
        await driver.UntilAsync(sink => sink.Records.Count >= 2);

        var alarm = driver.Sink.Records.Single(r => r.Group == "alarms");
        alarm.Values["Message"].ShouldBe("hot");
        alarm.Values["Severity"].ShouldBe(700L);
        alarm.Values["EventType"].ShouldBe("i=2041");
        alarm.Values["Time"].ShouldBe(EpochTime.ToDateTimeOffset(alarm.Timestamp));
        var pressed = driver.Sink.Records.Single(r => r.Group == "press");
        pressed.Values["Message"].ShouldBe("pressed");
        pressed.Values["1:Force"].ShouldBe(12.5);
        driver.Sink.Inner.Feeds["opcua.press.press"].Fields.Select(f => f.Type).ShouldBe([FieldType.Text, FieldType.Int64, FieldType.Float64]);
    }

    [Fact]
    public async Task Run_History_FetchesWhatWasBeforeInTheOrderOfTime()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { machine = true, history = 200 });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=Force"], History = TimeSpan.FromHours(1), Records = OpcUaRecords.Change });

        await driver.UntilAsync(sink => sink.Records.Count >= 200);

        double[] values = [.. driver.Sink.Records.Select(r => (double)r.Values["Force"]!).Where(v => v > 0)];
        values.Distinct().ShouldBe(Enumerable.Range(1, 200).Select(i => (double)i));
        long[] times = [.. driver.Sink.Records.Select(r => r.Timestamp)];
        times.ShouldBe(times.Order());
    }

    [Fact]
    public async Task Call_Method_ReturnsItsResultsAndSaysWhatDoesNotFit()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, machine = true });
        await using RunningDriver driver = Start(server, new OpcUaGroupSettings { Name = "g", Nodes = ["ns=1;s=N0"] });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        (await driver.Caller.CallAsync("ns=1;s=Multiply", [2.5, 4L], default)).ShouldBe([10.0]);
        (await driver.Caller.CallAsync("/Objects/1:Plant/1:Press/1:Multiply", [3.0, 2L], default)).ShouldBe([6.0]);

        (await Should.ThrowAsync<ArgumentException>(async () => await driver.Caller.CallAsync("ns=1;s=Multiply", [2.5], default))).Message.ShouldContain("takes 2 arguments (a, b)");
        (await Should.ThrowAsync<ArgumentException>(async () => await driver.Caller.CallAsync("ns=1;s=Multiply", [2.5, "many"], default))).Message.ShouldContain("Argument 'b'");
        (await Should.ThrowAsync<ArgumentException>(async () => await driver.Caller.CallAsync("/Objects/1:Plant/1:Nothing", [], default))).Message.ShouldContain("There is no method");
        (await Should.ThrowAsync<IOException>(async () => await driver.Caller.CallAsync("ns=1;s=Multiply", [2.5, -1L], default))).Message.ShouldContain("BadOutOfRange");
    }

    private static RunningDriver Start(NodeOpcUaServer server, params OpcUaGroupSettings[] groups) =>
        RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, Groups = [.. groups], Timeout = TimeSpan.FromSeconds(60) });
}
