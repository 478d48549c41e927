using System.Net;

namespace Mlops.Mqtt;

/// <summary>One address and port of a broker, and what is spoken there.</summary>
public sealed class MqttListenerOptions
{
    /// <summary>Gets or sets the address to listen on.</summary>
    /// <value>
    /// The loopback address by default. <see cref="IPAddress.Any"/> opens the listener to the network, <see cref="IPAddress.IPv6Any"/>
    /// to that of IPv4 and IPv6.
    /// </value>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Gets or sets the TCP port to listen on.</summary>
    /// <value>1883 by default, usual are 8883 with TLS and 9001 for WebSocket; 0 takes a free one, see <see cref="MqttBroker.EndPoints"/>.</value>
    public int Port { get; set; } = 1883;

    /// <summary>Gets or sets how TLS is spoken.</summary>
    /// <value>Null by default: it is not.</value>
    public MqttListenerTlsOptions? Tls { get; set; }

    /// <summary>Gets or sets how WebSockets are opened.</summary>
    /// <value>Null by default: MQTT is spoken without.</value>
    public MqttWebSocketListenerOptions? WebSocket { get; set; }

    /// <summary>Gets or sets who needs no user name here.</summary>
    /// <value><see cref="MqttAnonymousAccess.Loopback"/> by default.</value>
    public MqttAnonymousAccess Anonymous { get; set; } = MqttAnonymousAccess.Loopback;

    internal string Scheme => (WebSocket, Tls) switch
    {
        (null, null) => "mqtt",
        (null, _) => "mqtts",
        (_, null) => "ws",
        _ => "wss",
    };

    internal IEnumerable<string> Problems()
    {
        if (Port is < 0 or > 65535)
            yield return $"Port is '{Port}': set a port from 0 to 65535.";
        foreach (string problem in Tls?.Problems() ?? [])
            yield return problem;
        if (WebSocket is { } webSocket && (!webSocket.Path.StartsWith('/') || webSocket.Path.AsSpan().ContainsAny(" ?#")))
            yield return $"WebSocket.Path is '{webSocket.Path}': set a path that begins with '/', without blanks and query.";
    }
}
