using Microsoft.Extensions.Logging;

namespace Mlops.Drivers;

/// <summary>Log messages of the driver host, event ids 1170 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1170, Message = "Asset '{Asset}' ({Kind}): {State}. {Reason}")]
    public static partial void StateChanged(ILogger logger, LogLevel level, string asset, string kind, DriverState state, string reason);

    [LoggerMessage(1171, LogLevel.Error, "The driver of asset '{Asset}' ({Kind}) failed; it is started again.")]
    public static partial void DriverFailed(ILogger logger, string asset, string kind, Exception exception);

    [LoggerMessage(1172, LogLevel.Error, "The driver of asset '{Asset}' ({Kind}) refuses its settings and is not started again.")]
    public static partial void SettingsRefused(ILogger logger, string asset, string kind, Exception exception);
}
