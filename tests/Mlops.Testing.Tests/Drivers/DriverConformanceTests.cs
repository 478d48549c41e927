using Mlops.Data;
using Mlops.Drivers;
using Mlops.Testing.Drivers;

namespace Mlops.Testing.Tests.Drivers;

public sealed class DriverConformanceTests
{
    [Fact]
    public async Task RunAll_DriverThatKeepsTheRules_Passes() => await Kit(new Flaws()).RunAllAsync();

    public static TheoryData<string, string> BrokenRules => new()
    {
        { "throwsAtCreate", "create" },
        { "sameInstance", "create" },
        { "badKind", "kind" },
        { "throwsAtSecondDispose", "dispose" },
        { "throwsWhileRunning", "run" },
        { "endsByItself", "run" },
        { "neverConnects", "run" },
        { "ignoresStop", "stop" },
        { "throwsAtStop", "stop" },
        { "writesUndeclared", "sink" },
        { "faultsWithoutReason", "sink" },
        { "writesAfterEnd", "sink" },
        { "doesNotAwait", "back-pressure" },
        { "ignoresStopWhileWriting", "stop" },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public async Task RunAll_DriverThatBreaksARule_IsRefusedByItsName(string flaw, string rule)
    {
        var broken = await Should.ThrowAsync<DriverConformanceException>(() => Kit(new Flaws { [flaw] = true }).RunAllAsync());
        broken.Rule.ShouldBe(rule, broken.Message);
    }

    [Fact]
    public async Task Reconnects_DriverThatStaysAway_IsRefused()
    {
        DriverConformance kit = Kit(new Flaws());
        kit.Disconnect = () =>
        {
            kit.Patience = TimeSpan.FromSeconds(0.3);
            return Task.CompletedTask;
        };
        kit.Reconnect = () => Task.CompletedTask;
        (await Should.ThrowAsync<DriverConformanceException>(kit.ReconnectsAsync)).Message.ShouldContain("has not reported that the asset is lost");
    }

    private static DriverConformance Kit(Flaws flaws) => new(new Factory(flaws), () => new Settings())
    {
        Patience = TimeSpan.FromSeconds(flaws["neverConnects"] ? 0.3 : 60),
        StopTimeout = TimeSpan.FromSeconds(flaws.Keys.Any(k => k.StartsWith("ignoresStop", StringComparison.Ordinal)) ? 0.3 : 10),
    };

    private sealed class Settings;

    private sealed class Flaws : Dictionary<string, bool>
    {
        public new bool this[string flaw]
        {
            get => GetValueOrDefault(flaw);
            init => Add(flaw, value);
        }

        private bool GetValueOrDefault(string flaw) => TryGetValue(flaw, out bool has) && has;
    }

    private sealed class Factory(Flaws flaws) : IHighLevelDriverFactory
    {
        private Driver? _only;

        public string Kind => flaws["badKind"] ? "My.Driver" : "numbers";

        public Type SettingsType => typeof(Settings);

        public IHighLevelDriver Create(string asset, object settings) =>
            flaws["throwsAtCreate"] ? throw new IOException("connection refused")
            : flaws["sameInstance"] ? _only ??= new Driver(flaws)
            : new Driver(flaws);
    }

    private sealed class Driver(Flaws flaws) : IHighLevelDriver
    {
        private int _disposed;

        public async Task RunAsync(IRecordSink sink, CancellationToken stop)
        {
            if (flaws["neverConnects"])
                await Task.Delay(Timeout.Infinite, stop);
            var schema = new FeedSchema("numbers.conformance.values", [new FeedField("n", FieldType.Int64)]);
            if (!flaws["writesUndeclared"])
                schema = await sink.DeclareAsync("values", schema.Fields, stop);
            sink.Report(flaws["faultsWithoutReason"] ? DriverState.Faulted : DriverState.Connected);
            CancellationToken writing = flaws["ignoresStopWhileWriting"] ? CancellationToken.None : stop;
            try
            {
                while (true)
                {
                    var rows = new RecordBatchBuilder(schema);
                    rows.BeginRow(1);
                    rows.EndRow();
                    RecordBatch batch = rows.Build();
                    for (int i = 0; flaws["doesNotAwait"] && i < 100; i++)
                        _ = sink.WriteAsync(batch, writing).AsTask();
                    await (flaws["doesNotAwait"] ? ValueTask.CompletedTask : sink.WriteAsync(batch, writing));
                    if (flaws["throwsWhileRunning"])
                        throw new IOException("lost");
                    if (flaws["endsByItself"])
                        return;
                    await Task.Delay(1, flaws["ignoresStop"] ? CancellationToken.None : stop);
                    if (flaws["ignoresStop"] && stop.IsCancellationRequested)
                        await Task.Delay(Timeout.Infinite, CancellationToken.None);
                }
            }
            catch (OperationCanceledException) when (flaws["throwsAtStop"])
            {
                throw new InvalidOperationException("interrupted");
            }
            catch (OperationCanceledException) when (flaws["writesAfterEnd"])
            {
                _ = Task.Run(
                    async () =>
                {
                    for (int i = 0; i < 100; i++)
                    {
                        sink.Report(DriverState.Connected);
                        await Task.Delay(1);
                    }
                },
                CancellationToken.None);
            }
        }

        public ValueTask DisposeAsync() => flaws["throwsAtSecondDispose"] && ++_disposed == 2 ? throw new ObjectDisposedException("driver") : ValueTask.CompletedTask;
    }
}
