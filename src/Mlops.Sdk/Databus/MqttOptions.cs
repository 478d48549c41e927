using System.ComponentModel.DataAnnotations;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>The MQTT broker that carries the messages, section <c>Mlops:Mqtt</c>: an embedded one, or one outside when <see cref="Host"/> is set.</summary>
public sealed class MqttOptions
{
    /// <summary>Gets or sets the TCP port of the broker.</summary>
    /// <value>Default 1883. For the embedded broker 0 takes a free one, see <see cref="IMqttEndpoint"/>.</value>
    [Range(0, 65535)]
    public int Port { get; set; } = 1883;

    /// <summary>Gets or sets the name or address of a broker outside this process.</summary>
    /// <value>Default empty: the embedded broker.</value>
    public string Host { get; set; } = "";

    /// <summary>Gets or sets the address on which the embedded broker listens.</summary>
    /// <value>Default <c>127.0.0.1</c>; <c>0.0.0.0</c> opens it to the network and needs <see cref="UserName"/>.</value>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Gets or sets the user name: that which clients of the embedded broker must give, or that which we give to the outside one.</summary>
    /// <value>Default empty.</value>
    public string UserName { get; set; } = "";

    /// <summary>Gets or sets the password that belongs to <see cref="UserName"/>.</summary>
    /// <value>Default empty.</value>
    public string Password { get; set; } = "";

    /// <summary>Gets or sets whether clients on this machine may use the embedded broker without a name.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool AllowAnonymousFromLoopback { get; set; } = true;

    /// <summary>Gets or sets the version of the protocol that is spoken with an outside broker.</summary>
    /// <value>Default <see cref="MqttProtocolVersion.V5"/>; <see cref="MqttProtocolVersion.V311"/> for brokers that know no other.</value>
    public MqttProtocolVersion Protocol { get; set; } = MqttProtocolVersion.V5;
}
