using Microsoft.Extensions.Logging;

namespace Mlops.Ingest;

/// <summary>Log messages of ingest, event ids 1100 to 1129.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Debug, "A message on '{Topic}' is put aside: {Reason}")]
    public static partial void MessageRejected(ILogger logger, string topic, string reason);

    [LoggerMessage(1112, LogLevel.Warning, "A message on '{Topic}' is put aside in the folder dead-letters: {Reason} Further ones on this topic are only counted and kept.")]
    public static partial void TopicRejected(ILogger logger, string topic, string reason);

    [LoggerMessage(1101, LogLevel.Warning, "{Count} dead letters could not be written to '{Folder}' and are lost. Free space, or make the folder writable.")]
    public static partial void DeadLettersNotWritten(ILogger logger, int count, string folder, Exception exception);

    [LoggerMessage(1102, LogLevel.Error, "The store refuses records; ingest keeps them, acknowledges nothing, and tries again in {Pause}.")]
    public static partial void StoreRefuses(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(1103, LogLevel.Information, "The store takes records again.")]
    public static partial void StoreAcceptsAgain(ILogger logger);

    [LoggerMessage(1104, LogLevel.Error, "{Batches} batches could not be committed together; each feed is tried alone.")]
    public static partial void GroupSplit(ILogger logger, int batches, Exception exception);

    [LoggerMessage(1105, LogLevel.Critical, "{Records} records of feed '{Feed}' are lost, because the store cannot take them.")]
    public static partial void FeedRefused(ILogger logger, int records, string feed, Exception exception);

    [LoggerMessage(1106, LogLevel.Warning, "{Records} records were not committed before the stop; they are not acknowledged, so their senders send them again.")]
    public static partial void GroupAbandoned(ILogger logger, int records, Exception exception);

    [LoggerMessage(1107, LogLevel.Warning, "What feed '{Feed}' has stored could not be read; a message that its sender repeats over this restart is stored twice.")]
    public static partial void DuplicateWindowUnknown(ILogger logger, string feed, Exception exception);

    [LoggerMessage(1108, LogLevel.Error, "A reader of feed '{Feed}' failed to take a batch; it will find it in the store.")]
    public static partial void TailFailed(ILogger logger, string feed, Exception exception);

    [LoggerMessage(1109, LogLevel.Critical, "Ingest has ended. Nothing is taken in until the host is restarted.")]
    public static partial void PumpFailed(ILogger logger, Exception exception);

    [LoggerMessage(1110, LogLevel.Information, "Ingest takes plain JSON by {Mappings} mappings, {Added} of them newly from the configuration.")]
    public static partial void Subscribed(ILogger logger, int mappings, int added);

    [LoggerMessage(1113, LogLevel.Warning, "What was taken of {Topics} topics last could not be remembered; messages that the broker keeps may be stored once more.")]
    public static partial void RetainedNotSaved(ILogger logger, int topics, Exception exception);

    [LoggerMessage(1111, LogLevel.Error, "A message on '{Topic}' could not be handled.")]
    public static partial void MessageFailed(ILogger logger, string topic, Exception exception);
}
