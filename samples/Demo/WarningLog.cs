using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Demo;

/// <summary>Keeps the newest warnings and errors, so that the summary can show them without tearing the live line.</summary>
internal sealed class WarningLog : ILoggerProvider
{
    private const int Kept = 20;

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private sealed class Logger(WarningLog owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            owner.Lines.Enqueue($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : " " + exception.Message)}");
            while (owner.Lines.Count > Kept)
                owner.Lines.TryDequeue(out _);
        }
    }
}
