using System.ComponentModel.DataAnnotations;
using System.Net;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>A further listener of the embedded broker, section <c>Mlops:Mqtt:Listeners</c>.</summary>
public sealed class MqttListenerSettings
{
    /// <summary>Gets or sets the address to listen on.</summary>
    /// <value>Default <c>127.0.0.1</c>; <c>0.0.0.0</c> opens the listener to the network, <c>::</c> to that of IPv4 and IPv6.</value>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Gets or sets the TCP port.</summary>
    /// <value>Must be set: usual are 8883 with TLS and 9001 for WebSocket; 0 takes a free one.</value>
    [Range(0, 65535)]
    public int? Port { get; set; }

    /// <summary>Gets or sets how TLS is spoken.</summary>
    /// <value>Default: it is not.</value>
    public MqttListenerTlsOptions? Tls { get; set; }

    /// <summary>Gets or sets how WebSockets are opened.</summary>
    /// <value>Default: MQTT is spoken without.</value>
    public MqttWebSocketListenerOptions? WebSocket { get; set; }

    /// <summary>Gets or sets who needs no user name here.</summary>
    /// <value>Default <see cref="MqttAnonymousAccess.Loopback"/>.</value>
    public MqttAnonymousAccess Anonymous { get; set; } = MqttAnonymousAccess.Loopback;

    internal MqttListenerOptions ToListener() => new()
    {
        Address = IPAddress.Parse(Address),
        Port = Port!.Value,
        Tls = Tls,
        WebSocket = WebSocket,
        Anonymous = Anonymous,
    };
}
