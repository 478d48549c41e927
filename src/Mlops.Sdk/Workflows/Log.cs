using Microsoft.Extensions.Logging;

namespace Mlops.Workflows;

/// <summary>Events 1200–1249.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Information, "Installed workflow {Name} {Version} (digest {Digest}, trusted: {Trusted})")]
    public static partial void Installed(ILogger logger, string name, string version, string digest, bool trusted);

    [LoggerMessage(1201, LogLevel.Information, "Workflow {Name} {Version} is trusted from now on")]
    public static partial void Trusted(ILogger logger, string name, string version);

    [LoggerMessage(1202, LogLevel.Warning, "Removed '{Folder}', which an interrupted installation has left")]
    public static partial void LeftoverRemoved(ILogger logger, string folder);

    [LoggerMessage(1203, LogLevel.Information, "The package '{Package}' was refused with {Findings} findings")]
    public static partial void Refused(ILogger logger, string package, int findings);
}
