using Microsoft.Extensions.Logging;

namespace Mlops.Drivers.OpcUa;

/// <summary>Log messages of OPC UA drivers, event ids 3100 to 3119.</summary>
internal static partial class Log
{
    [LoggerMessage(3100, LogLevel.Warning, "Asset '{Asset}': a value of the field '{Field}' of feed '{Feed}' was not written to '{Node}': {Reason}")]
    public static partial void WriteRefused(ILogger logger, string asset, string node, string feed, string field, string reason);
}
