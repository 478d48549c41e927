using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Python.Output;

namespace Mlops.Python.Tests.Output;

public sealed class OutputRouterTests
{
    [Fact]
    public async Task Write_ReceiverIsSlow_DropsTheOldestAndCountsThem()
    {
        using var gate = new ManualResetEventSlim();
        var received = new List<string>();
        var router = new OutputRouter(
            line =>
            {
                gate.Wait();
                lock (received)
                    received.Add(line.Text);
            },
            NullLogger.Instance,
            queueLength: 10,
            maxLineLength: 100);

        for (var number = 0; number < 100; number++)
            router.Write("t", false, System.Text.Encoding.UTF8.GetBytes($"{number}\n"));
        gate.Set();

        await Eventually.TrueAsync(
            () =>
            {
                lock (received)
                    return received.LastOrDefault() == "99";
            },
            "the newest line");
        (received.Count + router.Dropped).ShouldBe(100);
        router.Dropped.ShouldBeInRange(89, 90);
    }

    [Fact]
    public async Task Write_ReceiverThrows_LaterLinesStillArrive()
    {
        var last = "";
        var router = new OutputRouter(
            line => last = line.Text == "bad" ? throw new InvalidOperationException("no") : line.Text, NullLogger.Instance, 10, 100);

        router.Write("t", false, "bad\ngood\n"u8);

        await Eventually.TrueAsync(() => last == "good", "the line after the failure");
    }

    [Fact]
    public async Task Write_NoReceiver_GoesToTheLogger()
    {
        var logger = new ListLogger();
        var router = new OutputRouter(null, logger, 10, 100);

        router.Write("pcb 1.0.0", true, "oh\n"u8);

        await Eventually.TrueAsync(() => logger.Lines.Count == 1, "the log line");
        logger.Lines[0].ShouldBe("Warning [pcb 1.0.0] oh");
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
