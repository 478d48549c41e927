using Microsoft.Extensions.Logging;

namespace Mlops.Databus.Publishing;

/// <summary>Event ids 1150 to 1169.</summary>
internal static partial class Log
{
    [LoggerMessage(1150, LogLevel.Warning, "Databus app '{App}' could not be announced; it will be after the next connection.")]
    public static partial void AnnouncementFailed(ILogger logger, string app, Exception exception);

    [LoggerMessage(1151, LogLevel.Warning, "A label written to '{Topic}' was refused: {Reason}")]
    public static partial void LabelRefused(ILogger logger, string topic, string reason);
}
