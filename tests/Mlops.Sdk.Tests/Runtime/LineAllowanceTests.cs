using Microsoft.Extensions.Logging;
using Mlops.Runtime;

namespace Mlops.Sdk.Tests.Runtime;

public sealed class LineAllowanceTests : TimeProvider, ILogger
{
    private readonly List<string> _lines = [];
    private long _ticks;

    [Fact]
    public void Print_MoreThanAllowed_IsDroppedSaidAndCounted()
    {
        var lines = new LineAllowance("'a' 1", this, this);

        for (int line = 0; line < 1500; line++)
            lines.Print("x", isError: false);
        _lines.Count.ShouldBe(1001);
        _lines[^1].ShouldBe("Workflow 'a' 1 prints more than 100 lines a second; what is more is dropped.");

        _ticks += TimeSpan.TicksPerSecond;
        for (int line = 0; line < 500; line++)
            lines.Print("x", isError: false);
        _lines[1001].ShouldBe("Workflow 'a' 1: dropped 500 lines that it printed.");
        _lines.Count(line => line == "['a' 1] x").ShouldBe(1100);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));
}
