using Microsoft.Extensions.Logging;

namespace Mlops.Python;

/// <summary>Event ids 700 to 719.</summary>
internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Information, "Python {Version} runs in this process: {Executable} with {Library}, started in {Milliseconds:0} ms.")]
    public static partial void Started(ILogger logger, Version version, string executable, string library, double milliseconds);

    [LoggerMessage(EventId = 701, Message = "[{Tag}] {Text}")]
    public static partial void Printed(ILogger logger, LogLevel level, string tag, string text);

    [LoggerMessage(702, LogLevel.Warning, "{Count} lines that Python code printed were dropped: they came faster than they could be delivered.")]
    public static partial void LinesDropped(ILogger logger, long count);

    [LoggerMessage(703, LogLevel.Error, "The receiver of Python's output failed on a line of '{Tag}'; later lines are still delivered.")]
    public static partial void ReceiverFailed(ILogger logger, Exception exception, string tag);

    [LoggerMessage(704, LogLevel.Warning, "The Python call of '{Tag}' was cancelled but still runs after {Seconds:0} s: it sleeps, is inside a native function, or swallows the cancellation. Calls behind it wait.")]
    public static partial void CancelledCallGoesOn(ILogger logger, string tag, double seconds);
}
