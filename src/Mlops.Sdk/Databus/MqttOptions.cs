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
    /// <value>Default <c>127.0.0.1</c>; <c>0.0.0.0</c> opens it to the network and needs users.</value>
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

    /// <summary>Gets or sets how TLS is spoken with an outside broker. The embedded one speaks it on <see cref="Listeners"/>.</summary>
    /// <value>Default: it is not. One setting in the section turns it on, for example <c>Mlops:Mqtt:Tls:AuthorityFile</c> or <c>Mlops:Mqtt:Tls:Revocation=NoCheck</c>.</value>
    public MqttClientTlsOptions? Tls { get; set; }

    /// <summary>Gets or sets how a WebSocket is opened to an outside broker.</summary>
    /// <value>Default: MQTT is spoken without.</value>
    public MqttClientWebSocketOptions? WebSocket { get; set; }

    /// <summary>Gets where the embedded broker listens beside <see cref="Address"/> and <see cref="Port"/>.</summary>
    /// <value>Default none.</value>
    public IList<MqttListenerSettings> Listeners { get; } = [];

    /// <summary>Gets further users of the embedded broker: hashes, or passwords, by name.</summary>
    /// <value>Default none.</value>
    public IDictionary<string, string> Users { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets a file with further users of the embedded broker, as <c>mosquitto_passwd</c> writes it.</summary>
    /// <value>Default empty: none.</value>
    public string UsersFile { get; set; } = "";

    /// <summary>Gets what clients of the embedded broker may publish and subscribe to. This node itself may do everything.</summary>
    /// <value>Default none: everything. With one rule or more, what no rule allows is denied.</value>
    public IList<MqttAccessRule> Rules { get; } = [];

    /// <summary>
    /// Gets or sets whether the embedded broker keeps sessions that outlive their connection, with their QoS 1 and 2 messages, and
    /// retained messages in the folder <c>mqtt</c> of <c>Mlops:DataFolder</c>, so that they survive a restart and a crash.
    /// </summary>
    /// <value>Default <see langword="true"/>. It costs nothing as long as clients have no such sessions and retain nothing.</value>
    public bool Persistence { get; set; } = true;

    /// <summary>Gets or sets what clients of the embedded broker may take of it.</summary>
    /// <value>Default: the defaults of each limit. One setting in the section changes that one, for example <c>Mlops:Mqtt:Limits:MaxConnections=5000</c>.</value>
    public MqttLimitSettings? Limits { get; set; }

    /// <summary>Gets or sets how often the embedded broker publishes its statistics below <c>$SYS/broker/</c>.</summary>
    /// <value>Default 10 s; zero publishes none, otherwise at least 1 s.</value>
    public TimeSpan SystemTopicsInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets whether the wills of connected clients are published when the node stops.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool PublishWillsOnStop { get; set; }

    /// <summary>Gets or sets the version of the protocol that is spoken with an outside broker.</summary>
    /// <value>Default <see cref="MqttProtocolVersion.V5"/>; <see cref="MqttProtocolVersion.V311"/> for brokers that know no other.</value>
    public MqttProtocolVersion Protocol { get; set; } = MqttProtocolVersion.V5;

    /// <summary>Gets the bridges to further brokers.</summary>
    /// <value>Default none.</value>
    public IList<MqttBridgeSettings> Bridges { get; } = [];

    internal bool HasUsers => UserName.Length > 0 || Users.Count > 0 || UsersFile.Length > 0;
}
