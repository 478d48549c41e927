using Microsoft.Extensions.Logging;

namespace Mlops.Web;

internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Error, "Operation {Operation} failed unexpectedly; its caller was given {TraceId}.")]
    public static partial void Failed(ILogger logger, string operation, string traceId, Exception exception);

    [LoggerMessage(7001, LogLevel.Information, "The user '{User}' was added with the password of Mlops:Web:AdminPassword.")]
    public static partial void FirstUser(ILogger logger, string user);

    [LoggerMessage(7002, LogLevel.Warning, "Operation {Operation} was done but could not be written to the audit log: {Reason}")]
    public static partial void NotAudited(ILogger logger, string operation, string reason);

    [LoggerMessage(7003, LogLevel.Warning, "Live records of feed '{Feed}' are not sent to clients for now: {Reason}")]
    public static partial void LiveEnded(ILogger logger, string feed, string reason);

    [LoggerMessage(7004, LogLevel.Information, "Metrics and traces are sent to {Endpoint}.")]
    public static partial void Exporting(ILogger logger, string endpoint);

    [LoggerMessage(7005, LogLevel.Information, "The node answers at {Addresses}. {Access}")]
    public static partial void Serving(ILogger logger, string addresses, string access);
}
