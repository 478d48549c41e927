using Microsoft.Extensions.Logging;

namespace Mlops.Training;

/// <summary>Events 1250–1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1250, LogLevel.Information, "Training {Id} of {Workflow} {Version} is queued")]
    public static partial void Queued(ILogger logger, string id, string workflow, string version);

    [LoggerMessage(1251, LogLevel.Information, "Training {Id} of {Workflow} {Version} begins")]
    public static partial void Begun(ILogger logger, string id, string workflow, string version);

    [LoggerMessage(1252, LogLevel.Information, "Training {Id} succeeded after {Seconds:F1} s with model {Model}")]
    public static partial void Succeeded(ILogger logger, string id, double seconds, string model);

    [LoggerMessage(1253, LogLevel.Warning, "Training {Id} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string id, string reason);

    [LoggerMessage(1254, LogLevel.Information, "Training {Id} was cancelled")]
    public static partial void Cancelled(ILogger logger, string id);

    [LoggerMessage(1255, LogLevel.Error, "Training {Id} failed for a reason that is not the workflow's")]
    public static partial void FailedUnexpectedly(ILogger logger, Exception exception, string id);

    [LoggerMessage(1256, LogLevel.Error, "The state of training {Id} could not be stored; after a restart it may be run again or shown as failed")]
    public static partial void NotStored(ILogger logger, Exception exception, string id);

    [LoggerMessage(1257, LogLevel.Warning, "Removed '{Folder}', which an interrupted training has left")]
    public static partial void LeftoverRemoved(ILogger logger, string folder);

    [LoggerMessage(1258, LogLevel.Information, "Took up trainings after a restart: {Requeued} queued again, {Interrupted} failed because the host stopped")]
    public static partial void Recovered(ILogger logger, int requeued, int interrupted);

    [LoggerMessage(1259, LogLevel.Error, "A handler of changes of trainings failed")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1261, LogLevel.Information, "Imported model {Id} from {Node}, signed by the trusted key {Key}")]
    public static partial void Imported(ILogger logger, string id, string node, string key);

    [LoggerMessage(1260, LogLevel.Critical, "Trainings are not run any more")]
    public static partial void RunnerEnded(ILogger logger, Exception exception);
}
