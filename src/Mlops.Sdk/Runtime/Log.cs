using Microsoft.Extensions.Logging;

namespace Mlops.Runtime;

/// <summary>Event ids 1300 to 1399.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1300, Message = "[{Workflow}] {Line}")]
    public static partial void Printed(ILogger logger, LogLevel level, string workflow, string line);

    [LoggerMessage(1301, LogLevel.Information, "Workflows use {Python}, found in {Place}.")]
    public static partial void Located(ILogger logger, Python.PythonInstallation python, string place);

    [LoggerMessage(1302, LogLevel.Warning, "Python cannot run inside this process, so every prediction gets a worker process: {Reason}")]
    public static partial void NotInProcess(ILogger logger, string reason);

    [LoggerMessage(1303, LogLevel.Error, "{Reason}")]
    public static partial void WorkerEnded(ILogger logger, string reason);

    [LoggerMessage(1304, LogLevel.Information, "Workflow {Workflow}: its process is started again, time {Attempt} in a row.")]
    public static partial void WorkerRestarts(ILogger logger, string workflow, int attempt);

    [LoggerMessage(1305, LogLevel.Information, "Workflow {Workflow}: loaded {Mode} in {Milliseconds:0} ms.")]
    public static partial void Loaded(ILogger logger, string workflow, string mode, double milliseconds);

    [LoggerMessage(1306, LogLevel.Information, "Workflow {Workflow}: made the environment {Environment} in {Milliseconds:0} ms.")]
    public static partial void EnvironmentMade(ILogger logger, string workflow, string environment, double milliseconds);

    [LoggerMessage(1307, LogLevel.Information, "Removed the environment {Environment}, which no installed workflow uses.")]
    public static partial void EnvironmentRemoved(ILogger logger, string environment);

    [LoggerMessage(1308, LogLevel.Information, "Workers are contained: {Measures}.")]
    public static partial void Contained(ILogger logger, string measures);

    [LoggerMessage(1309, LogLevel.Warning, "Workers are not contained in: {Measures}.")]
    public static partial void NotContained(ILogger logger, string measures);

    [LoggerMessage(1310, LogLevel.Warning, "Workflow {Workflow} prints more than {PerSecond} lines a second; what is more is dropped.")]
    public static partial void TooManyLines(ILogger logger, string workflow, double perSecond);

    [LoggerMessage(1311, LogLevel.Warning, "Workflow {Workflow}: dropped {Count} lines that it printed.")]
    public static partial void LinesDropped(ILogger logger, string workflow, long count);

    [LoggerMessage(1314, LogLevel.Warning, "There is no NumPy, so workflows get memoryviews and lists in place of arrays. {Advice}")]
    public static partial void NoNumPy(ILogger logger, string advice);

    [LoggerMessage(1313, LogLevel.Debug, "No worker could be kept waiting: {Reason}")]
    public static partial void NoSpare(ILogger logger, string reason);

    [LoggerMessage(1312, LogLevel.Error, "{Reason} All predictions inside this process move to workers until it restarts.")]
    public static partial void InProcessStopped(ILogger logger, string reason);

    [LoggerMessage(1315, LogLevel.Information, "Training {Training}: {Engine} predicts. {Reason}")]
    public static partial void EngineChosen(ILogger logger, string training, string engine, string reason);

    [LoggerMessage(1317, LogLevel.Warning, "Workflow {Workflow}: its process computes although nobody asks it; a call may have left threads behind. It gets what others leave of the processors until that ends.")]
    public static partial void ComputesUnasked(ILogger logger, string workflow);

    [LoggerMessage(1318, LogLevel.Warning, "{Reason} It predicts in a worker from now on.")]
    public static partial void LeftHost(ILogger logger, string reason);

    [LoggerMessage(1316, LogLevel.Warning, "The engine {Engine} does not load the converted model of {Workflow}, so the package's own code predicts: {Reason}")]
    public static partial void EngineRefused(ILogger logger, string engine, string workflow, string reason);

    [LoggerMessage(1319, LogLevel.Information, "Workflow {Workflow} keeps a picture beyond predict: its memory, of a camera for example, stays with it, and the next ones are copied until it lets go. Let it copy what it keeps: batch['image'].copy().")]
    public static partial void PictureKept(ILogger logger, string workflow);
}
