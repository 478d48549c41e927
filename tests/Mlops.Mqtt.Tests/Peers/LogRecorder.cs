using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A logger that keeps its lines.</summary>
internal sealed class LogRecorder : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = new();

    public string[] Warnings => [.. lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((logLevel, formatter(state, exception)));
}
