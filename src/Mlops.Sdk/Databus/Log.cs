using Microsoft.Extensions.Logging;

namespace Mlops.Databus;

/// <summary>Log messages of the databus and the message bus, event ids 1130 to 1149.</summary>
internal static partial class Log
{
    [LoggerMessage(1130, LogLevel.Information, "Databus app '{App}' announced {Collections} collections with {Definitions} data points.")]
    public static partial void Announced(ILogger logger, string app, int collections, int definitions);

    [LoggerMessage(1131, LogLevel.Error, "A message on '{Topic}' could not be decoded.")]
    public static partial void DecodingFailed(ILogger logger, string topic, Exception exception);

    [LoggerMessage(1132, LogLevel.Error, "The metadata of databus app '{App}' could not be used.")]
    public static partial void MetadataFailed(ILogger logger, string app, Exception exception);

    [LoggerMessage(1133, LogLevel.Warning, "Topic '{Topic}' is announced by app '{App}' but belongs to app '{Owner}'; only the first one is heard. Give the apps topics of their own.")]
    public static partial void TopicTaken(ILogger logger, string topic, string app, string owner);

    [LoggerMessage(1134, LogLevel.Error, "Feed '{Feed}' cannot keep the quality of single values; the worst one of each record is kept.")]
    public static partial void QualitiesNotKept(ILogger logger, string feed, Exception exception);

    [LoggerMessage(1140, LogLevel.Information, "The embedded MQTT broker listens on {Host}:{Port}.")]
    public static partial void Listening(ILogger logger, string host, int port);

    [LoggerMessage(1141, LogLevel.Information, "MQTT broker {Host}:{Port}: {State}.")]
    public static partial void BusChanged(ILogger logger, string host, int port, Messaging.BusState state);

    [LoggerMessage(1142, LogLevel.Error, "The subscription to '{Filter}' was refused by the broker; it is not tried again before the next connection.")]
    public static partial void SubscriptionRefused(ILogger logger, string filter, Exception exception);

    [LoggerMessage(1143, LogLevel.Warning, "{Count} messages were not stored before the stop; their senders send them again.")]
    public static partial void StoppedUnacknowledged(ILogger logger, int count);

    [LoggerMessage(1144, LogLevel.Warning, "The databus could not be asked for an update; apps send their metadata when they reconnect.")]
    public static partial void UpdateRequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(1145, LogLevel.Error, "A listener to state changes of the message bus failed.")]
    public static partial void StateListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1146, LogLevel.Error, "A subscriber failed to take a message on '{Topic}'; it is acknowledged all the same.")]
    public static partial void HandlerFailed(ILogger logger, string topic, Exception exception);
}
