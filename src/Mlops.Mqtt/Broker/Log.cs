using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Broker;

/// <summary>Log messages of the broker: event ids 2100 to 2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Information, "MQTT broker listens on {EndPoint}.")]
    public static partial void Listening(ILogger logger, string endPoint);

    [LoggerMessage(2101, LogLevel.Information, "MQTT broker has stopped listening on {EndPoint}.")]
    public static partial void Stopped(ILogger logger, string endPoint);

    [LoggerMessage(2102, LogLevel.Debug, "MQTT client '{ClientId}' at {Remote} is connected with {Version}.")]
    public static partial void Connected(ILogger logger, string clientId, string remote, MqttProtocolVersion version);

    [LoggerMessage(2103, LogLevel.Debug, "MQTT client '{ClientId}' at {Remote} is gone (said goodbye: {SaidGoodbye}).")]
    public static partial void ConnectionEnded(ILogger logger, string clientId, string remote, bool saidGoodbye);

    [LoggerMessage(2104, LogLevel.Warning, "MQTT client '{ClientId}' at {Remote} was refused: {Reason}.")]
    public static partial void Refused(ILogger logger, string clientId, string remote, MqttReasonCode reason);

    [LoggerMessage(2105, LogLevel.Warning, "MQTT client '{ClientId}' at {Remote} broke the protocol and was disconnected: {Problem} ({Reason})")]
    public static partial void ProtocolBroken(ILogger logger, string clientId, string remote, string problem, MqttReasonCode reason);

    [LoggerMessage(2106, LogLevel.Error, "The connection of MQTT client '{ClientId}' at {Remote} failed unexpectedly.")]
    public static partial void ConnectionFailed(ILogger logger, Exception error, string clientId, string remote);

    [LoggerMessage(2107, LogLevel.Information, "MQTT client '{ClientId}' at {Remote} was disconnected: a connection from {Newer} uses its name.")]
    public static partial void TakenOver(ILogger logger, string clientId, string remote, string newer);

    [LoggerMessage(2108, LogLevel.Warning, "MQTT client '{ClientId}' at {Remote} was disconnected: {MaxMessages} messages or {MaxBytes} bytes wait for it. Raise MaxQueuedMessagesPerSession or MaxQueuedBytesPerSession, or subscribe with QoS 0.")]
    public static partial void TooSlow(ILogger logger, string clientId, string remote, int maxMessages, long maxBytes);

    [LoggerMessage(2109, LogLevel.Information, "MQTT client '{ClientId}' at {Remote} was disconnected: silent for more than one and a half times its keep alive of {KeepAlive} s.")]
    public static partial void Silent(ILogger logger, string clientId, string remote, int keepAlive);

    [LoggerMessage(2110, LogLevel.Warning, "The retained message of '{Topic}' was delivered but not kept: MaxRetained or MaxRetainedBytes is reached.")]
    public static partial void RetainedRefused(ILogger logger, string topic);

    [LoggerMessage(2111, LogLevel.Error, "A hook or subscriber of the MQTT broker failed on a message of '{Topic}'.")]
    public static partial void HandlerFailed(ILogger logger, Exception error, string topic);

    [LoggerMessage(2112, LogLevel.Warning, "A connection from {Remote} was refused: {MaxConnections} clients are connected, or MaxConnectionsPerAddress of its address. Raise MaxConnections. More of it is only counted for a minute.")]
    public static partial void TooManyConnections(ILogger logger, System.Net.EndPoint? remote, int maxConnections);

    [LoggerMessage(2113, LogLevel.Error, "MQTT broker could not accept a connection; it goes on listening.")]
    public static partial void AcceptFailed(ILogger logger, Exception error);

    [LoggerMessage(2114, LogLevel.Warning, "A connection from {Remote} to {Listener} was refused before MQTT began: {Problem}.")]
    public static partial void OpeningFailed(ILogger logger, System.Net.EndPoint? remote, string listener, string problem);

    [LoggerMessage(2115, LogLevel.Information, "MQTT broker shows its changed certificate on {Listener}.")]
    public static partial void CertificateChanged(ILogger logger, string listener);

    [LoggerMessage(2116, LogLevel.Error, "MQTT broker goes on with the old certificate on {Listener}, as the changed one is not usable: {Problem}.")]
    public static partial void CertificateUnusable(ILogger logger, string listener, string problem);

    [LoggerMessage(2117, LogLevel.Warning, "The certificate of the MQTT broker on {Listener} is valid until {NotAfter:u} only. Renew it; the changed file is taken up by itself.")]
    public static partial void CertificateExpires(ILogger logger, string listener, DateTime notAfter);

    [LoggerMessage(2118, LogLevel.Information, "MQTT broker has read its users again from '{File}'.")]
    public static partial void UsersChanged(ILogger logger, string file);

    [LoggerMessage(2119, LogLevel.Error, "MQTT broker goes on with the users it knows: {Problem}")]
    public static partial void UsersUnusable(ILogger logger, string problem);

    [LoggerMessage(2120, LogLevel.Warning, "MQTT client '{ClientId}' at {Remote} may not {Access} '{Topic}'.")]
    public static partial void Denied(ILogger logger, string clientId, string remote, MqttAccess access, string topic);

    [LoggerMessage(2121, LogLevel.Warning, "Clients at {Remote} were refused or denied so often that for the moment it is only counted (ConnectionsRefused, ActionsDenied).")]
    public static partial void ComplaintsSuppressed(ILogger logger, System.Net.EndPoint? remote);

    [LoggerMessage(2122, LogLevel.Warning, "MQTT client '{ClientId}' at {Remote} may not subscribe to '{Filter}' too: it has {MaxSubscriptions} subscriptions. Raise MaxSubscriptionsPerSession.")]
    public static partial void TooManySubscriptions(ILogger logger, string clientId, string remote, string filter, int maxSubscriptions);

    [LoggerMessage(2123, LogLevel.Warning, "A client at {Remote} opened TLS and left without CONNECT. Does it trust the broker's certificate?")]
    public static partial void LeftAfterTls(ILogger logger, string remote);

    [LoggerMessage(2124, LogLevel.Error, "The authentication method '{Method}' failed for MQTT client '{ClientId}'; the client is refused.")]
    public static partial void AuthenticationFailed(ILogger logger, Exception error, string method, string clientId);

    [LoggerMessage(2125, LogLevel.Error, "The MQTT broker's database '{File}' is damaged ({Problem}). It was set aside as '{Aside}'; sessions and retained messages begin anew.")]
    public static partial void StoreDamaged(ILogger logger, string file, string problem, string aside);

    [LoggerMessage(2126, LogLevel.Error, "The MQTT broker cannot write to '{File}': {Problem}. What has to be kept is refused (QuotaExceeded) until it can. Make room on the disk or raise MaxDataBytes.")]
    public static partial void NotStored(ILogger logger, string file, string problem);

    [LoggerMessage(2127, LogLevel.Information, "The MQTT broker can write to '{File}' again.")]
    public static partial void StoredAgain(ILogger logger, string file);

    [LoggerMessage(2128, LogLevel.Information, "MQTT broker goes on with {Sessions} sessions, {Deliveries} queued and {Retained} retained messages from before.")]
    public static partial void Restored(ILogger logger, int sessions, int deliveries, int retained);

    [LoggerMessage(2129, LogLevel.Warning, "MQTT client '{ClientId}' at {Remote} was refused: its address connects more often than MaxConnectsPerSecond allows, {MaxConnectsPerSecond}. More of it is only counted for a minute.")]
    public static partial void TooFast(ILogger logger, string clientId, string remote, int maxConnectsPerSecond);

    [LoggerMessage(2130, LogLevel.Warning, "All {MaxConnections} connections of the MQTT broker are in use: the oldest one from {Address} without CONNECT had to make room. Raise MaxConnections, or set MaxConnectionsPerAddress. More of it is only counted for a minute.")]
    public static partial void MadeRoom(ILogger logger, System.Net.IPAddress address, int maxConnections);

    [LoggerMessage(2131, LogLevel.Warning, "A connection from {Remote} was closed: it has not sent CONNECT within ConnectTimeout, {Seconds} s. More from its address is only counted for a minute.")]
    public static partial void NoConnect(ILogger logger, string remote, double seconds);

    [LoggerMessage(2132, LogLevel.Warning, "The name of MQTT client '{ClientId}' is taken over again and again: from {Remote} to {Newer} now. Two clients seem to use it; give each a name of its own. More of it is only counted for a minute.")]
    public static partial void TakenOverAgain(ILogger logger, string clientId, string remote, string newer);
}
