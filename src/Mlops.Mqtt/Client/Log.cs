using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Client;

/// <summary>Log messages of the client: event ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "MQTT client '{ClientId}' is connected to {Host}:{Port} (session present: {SessionPresent}).")]
    public static partial void Connected(ILogger logger, string clientId, string host, int port, bool sessionPresent);

    [LoggerMessage(2001, LogLevel.Warning, "MQTT client '{ClientId}' lost {Host}:{Port} and will connect again if it is started: {Reason}")]
    public static partial void ConnectionLost(ILogger logger, string clientId, string host, int port, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "{Reason} The client tries again.")]
    public static partial void ConnectFailed(ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Error, "MQTT client '{ClientId}' failed unexpectedly; it tries again.")]
    public static partial void ConnectFailedUnexpectedly(ILogger logger, Exception error, string clientId);

    [LoggerMessage(2004, LogLevel.Error, "{Reason} The client goes on without it.")]
    public static partial void SubscriptionRefused(ILogger logger, string reason);

    [LoggerMessage(2005, LogLevel.Error, "The MQTT handler of '{Filter}' failed on a message of '{Topic}'; the message is given up.")]
    public static partial void HandlerFailed(ILogger logger, Exception error, string filter, string topic);

    [LoggerMessage(2006, LogLevel.Error, "A StateChanged handler of MQTT client '{ClientId}' failed.")]
    public static partial void StateHandlerFailed(ILogger logger, Exception error, string clientId);

    [LoggerMessage(2007, LogLevel.Error, "The outbox of MQTT client '{ClientId}' failed; what is kept stays there.")]
    public static partial void OutboxFailed(ILogger logger, Exception error, string clientId);

    [LoggerMessage(2008, LogLevel.Error, "MQTT client '{ClientId}' gives up a message for '{Topic}' that its outbox has kept: {Reason}")]
    public static partial void KeptPublishRefused(ILogger logger, string clientId, string topic, string reason);
}
