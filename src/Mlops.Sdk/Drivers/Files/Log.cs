using Microsoft.Extensions.Logging;

namespace Mlops.Drivers.Files;

/// <summary>Log messages of the driver <c>file</c>, event ids 1190 to 1194.</summary>
internal static partial class Log
{
    [LoggerMessage(1190, LogLevel.Information, "Asset '{Asset}': '{File}' was truncated or overwritten; it is read from its beginning.")]
    public static partial void FileReplaced(ILogger logger, string asset, string file);
}
