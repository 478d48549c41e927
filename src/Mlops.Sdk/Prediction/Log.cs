using Microsoft.Extensions.Logging;

namespace Mlops.Prediction;

/// <summary>Event ids 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Information, "Deployment {Deployment} answers feed {Feed} with model {Model} ({Mode}) from position {Position}.")]
    public static partial void Started(ILogger logger, string deployment, string feed, string model, string mode, long position);

    [LoggerMessage(1401, LogLevel.Information, "Deployment {Deployment} switched to model {Model} ({Mode}).")]
    public static partial void Swapped(ILogger logger, string deployment, string model, string mode);

    [LoggerMessage(1402, LogLevel.Error, "Deployment {Deployment} is faulted: {Reason} Trying again in {Delay}; no record is lost meanwhile.")]
    public static partial void Faulted(ILogger logger, string deployment, string reason, TimeSpan delay);

    [LoggerMessage(1403, LogLevel.Warning, "Deployment {Deployment} could not answer the record at {Position}: {Reason}")]
    public static partial void Unanswerable(ILogger logger, string deployment, long position, string reason);

    [LoggerMessage(1404, LogLevel.Critical, "Deployment {Deployment} ended unexpectedly.")]
    public static partial void LoopEnded(ILogger logger, string deployment, Exception exception);

    [LoggerMessage(1405, LogLevel.Error, "Deployment {Deployment} cannot store its answers: {Reason} Trying again in {Delay}.")]
    public static partial void StoreRefused(ILogger logger, string deployment, string reason, TimeSpan delay);

    [LoggerMessage(1406, LogLevel.Error, "Deployment {Deployment} could not be resumed: {Reason} Trying again in {Delay}.")]
    public static partial void ResumeFailed(ILogger logger, string deployment, string reason, TimeSpan delay);

    [LoggerMessage(1407, LogLevel.Warning, "Deployment {Deployment} could not publish: {Reason} It goes on from the store.")]
    public static partial void PublishFailed(ILogger logger, string deployment, string reason);

    [LoggerMessage(1408, LogLevel.Warning, "Deployment {Deployment}: the candidate {Model} could not answer, so the production model did: {Reason}")]
    public static partial void CandidateFailed(ILogger logger, string deployment, string model, string reason);

    [LoggerMessage(1409, LogLevel.Information, "Deployment {Deployment} tries model {Model} as {Kind}.")]
    public static partial void CandidateStarted(ILogger logger, string deployment, string model, Candidates.CandidateKind kind);

    [LoggerMessage(1410, LogLevel.Error, "Deployment {Deployment} could not go on trying model {Model}: {Reason} Trying again in {Delay}; the production model answers.")]
    public static partial void CandidateNotResumed(ILogger logger, string deployment, string model, string reason, TimeSpan delay);

    [LoggerMessage(1411, LogLevel.Warning, "Deployment {Deployment} could not measure its answers: {Reason} Trying again in {Delay}.")]
    public static partial void MeasuringFailed(ILogger logger, string deployment, string reason, TimeSpan delay);

    [LoggerMessage(1412, LogLevel.Critical, "Backtests are not run any more")]
    public static partial void BacktestsEnded(ILogger logger, Exception exception);

    [LoggerMessage(1413, LogLevel.Error, "Backtest {Id} failed for a reason that is not the workflow's")]
    public static partial void BacktestFailed(ILogger logger, string id, Exception exception);

    [LoggerMessage(1414, LogLevel.Error, "A handler of changes failed")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1415, LogLevel.Critical, "Answers are not compared with labels any more")]
    public static partial void QualityEnded(ILogger logger, Exception exception);

    [LoggerMessage(1416, LogLevel.Warning, "Deployment {Deployment}: drift {Change}; highest population stability indices: {Worst}")]
    public static partial void DriftChanged(ILogger logger, string deployment, string change, string worst);

    [LoggerMessage(1417, LogLevel.Information, "Trigger {Trigger} ({Name}) fired: {Reasons}. Retraining {Retraining} begins.")]
    public static partial void TriggerFired(ILogger logger, string trigger, string name, string reasons, string retraining);

    [LoggerMessage(1418, LogLevel.Warning, "Trigger {Trigger} ({Name}) cannot fire: {Problem}")]
    public static partial void TriggerHindered(ILogger logger, string trigger, string name, string problem);

    [LoggerMessage(1419, LogLevel.Error, "Trigger {Trigger} could not be looked at")]
    public static partial void TriggerFailed(ILogger logger, string trigger, Exception exception);

    [LoggerMessage(1420, LogLevel.Critical, "Triggers are not watched any more")]
    public static partial void TriggersEnded(ILogger logger, Exception exception);

    [LoggerMessage(1421, LogLevel.Error, "Retraining {Retraining} could not be stored: {Reason} Trying again in {Delay}.")]
    public static partial void RetrainingDelayed(ILogger logger, string retraining, string reason, TimeSpan delay);

    [LoggerMessage(1422, LogLevel.Error, "Retraining {Retraining} failed for a reason that is not the workflow's")]
    public static partial void RetrainingFailed(ILogger logger, string retraining, Exception exception);

    [LoggerMessage(1423, LogLevel.Information, "Retraining {Retraining} ended: {State} {Reason}")]
    public static partial void RetrainingEnded(ILogger logger, string retraining, Retraining.RetrainingState state, string reason);

    [LoggerMessage(1424, LogLevel.Error, "Deployment {Deployment} cannot read what other feeds give to its inputs: {Reason} Trying again in {Delay}.")]
    public static partial void StoreUnread(ILogger logger, string deployment, string reason, TimeSpan delay);
}
