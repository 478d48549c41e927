using Microsoft.Extensions.Logging;

namespace Mlops.Drivers;

/// <summary>Log messages of the driver host, event ids 1170 to 1189.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1170, Message = "Asset '{Asset}' ({Kind}): {State}. {Reason}")]
    public static partial void StateChanged(ILogger logger, LogLevel level, string asset, string kind, DriverState state, string? reason);

    [LoggerMessage(1171, LogLevel.Error, "The driver of asset '{Asset}' ({Kind}) failed; it is started again.")]
    public static partial void DriverFailed(ILogger logger, string asset, string kind, Exception exception);

    [LoggerMessage(1172, LogLevel.Error, "The driver of asset '{Asset}' ({Kind}) refuses its settings and is not started again.")]
    public static partial void SettingsRefused(ILogger logger, string asset, string kind, Exception exception);

    [LoggerMessage(1173, LogLevel.Error, "The driver of asset '{Asset}' ({Kind}) did not end within {Deadline} of being asked to and was given up; what it holds is freed when the node restarts.")]
    public static partial void GivenUp(ILogger logger, string asset, string kind, TimeSpan deadline);

    [LoggerMessage(1174, LogLevel.Warning, "The driver of asset '{Asset}' ({Kind}) was not disposed of cleanly: {Reason}")]
    public static partial void DisposalFailed(ILogger logger, string asset, string kind, string reason);

    [LoggerMessage(1175, LogLevel.Warning, "The driver of asset '{Asset}' ({Kind}) failed while it was ending: {Reason}")]
    public static partial void EndedBadly(ILogger logger, string asset, string kind, string reason);

    [LoggerMessage(1176, LogLevel.Information, "The configuration brought {Count} new assets into the catalog: {Assets}. From now on the catalog rules over them.")]
    public static partial void Seeded(ILogger logger, int count, string assets);

    [LoggerMessage(1177, LogLevel.Warning, "Asset '{Asset}', feed '{Feed}': publishing on MQTT has failed and is tried again: {Reason}")]
    public static partial void MirrorFailed(ILogger logger, string asset, string feed, string reason);

    [LoggerMessage(1178, LogLevel.Warning, "Asset '{Asset}' shall be mirrored on MQTT, but this host has no message bus. Add one (AddMqttBroker()), or switch its mirror off.")]
    public static partial void NoBus(ILogger logger, string asset);

    [LoggerMessage(1179, LogLevel.Information, "The driver of asset '{Asset}' ({Kind}) does not take the changed settings while it runs and is started anew: {Reason}")]
    public static partial void NotReconfigured(ILogger logger, string asset, string kind, string reason);
}
