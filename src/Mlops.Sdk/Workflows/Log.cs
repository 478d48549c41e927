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

    [LoggerMessage(1204, LogLevel.Warning, "The package '{Package}' is taken, but not trusted: {Finding}")]
    public static partial void NotTrusted(ILogger logger, string package, string finding);

    [LoggerMessage(1205, LogLevel.Information, "The package '{Package}' is signed by the trusted key '{Key}'")]
    public static partial void Signed(ILogger logger, string package, string key);

    [LoggerMessage(1206, LogLevel.Information, "The package '{Package}' was trained on its sample data; {Passed} golden cases passed")]
    public static partial void Rehearsed(ILogger logger, string package, long passed);

    [LoggerMessage(1203, LogLevel.Information, "The package '{Package}' was refused with {Findings} findings")]
    public static partial void Refused(ILogger logger, string package, int findings);

    [LoggerMessage(1207, LogLevel.Information, "Removed workflow {Name} {Version}")]
    public static partial void Removed(ILogger logger, string name, string version);
}
