using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Bridge;

/// <summary>Log messages of bridges: event ids 2200 to 2249.</summary>
internal static partial class Log
{
    [LoggerMessage(2200, LogLevel.Error, "MQTT bridge '{Bridge}' could not pass on a message as '{Topic}'.")]
    public static partial void PassingFailed(ILogger logger, Exception error, string bridge, string topic);
}
