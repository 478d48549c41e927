using System.ComponentModel.DataAnnotations;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>A bridge from this node's broker to another one, section <c>Mlops:Mqtt:Bridges</c>. Messages wait in the data folder while that one is away.</summary>
public sealed class MqttBridgeSettings
{
    /// <summary>Gets or sets the name of the bridge on this node: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    /// <value>Default <c>plant</c>; a second bridge needs another one.</value>
    public string Name { get; set; } = "plant";

    /// <summary>Gets or sets the name or address of the other broker.</summary>
    /// <value>Must be set.</value>
    public string Host { get; set; } = "";

    /// <summary>Gets or sets its TCP port.</summary>
    /// <value>Default 1883.</value>
    [Range(1, 65535)]
    public int Port { get; set; } = 1883;

    /// <summary>Gets or sets the user name that the other broker is given.</summary>
    /// <value>Default empty: none.</value>
    public string UserName { get; set; } = "";

    /// <summary>Gets or sets the password that belongs to <see cref="UserName"/>.</summary>
    /// <value>Default empty.</value>
    public string Password { get; set; } = "";

    /// <summary>Gets or sets how TLS is spoken with the other broker.</summary>
    /// <value>Default: it is not.</value>
    public MqttClientTlsOptions? Tls { get; set; }

    /// <summary>Gets or sets how a WebSocket is opened to the other broker.</summary>
    /// <value>Default: MQTT is spoken without.</value>
    public MqttClientWebSocketOptions? WebSocket { get; set; }

    /// <summary>Gets or sets the version of the protocol that is spoken with the other broker.</summary>
    /// <value>Default <see cref="MqttProtocolVersion.V5"/>, without which topics cannot pass both ways under one name.</value>
    public MqttProtocolVersion Protocol { get; set; } = MqttProtocolVersion.V5;

    /// <summary>Gets which messages pass.</summary>
    /// <value>Must have one or more.</value>
    public IList<MqttBridgeTopic> Topics { get; } = [];

    /// <summary>Gets or sets the most messages that wait for the other broker.</summary>
    /// <value>Default 1000000.</value>
    [Range(1, int.MaxValue)]
    public int MaxMessages { get; set; } = 1_000_000;

    /// <summary>Gets or sets the most bytes that wait for the other broker.</summary>
    /// <value>Default 1 GiB.</value>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Gets or sets what happens to a message for which there is no room.</summary>
    /// <value>Default <see cref="MqttOutboxFullPolicy.Wait"/>: publishers of this node's broker wait for their acknowledgement.</value>
    public MqttOutboxFullPolicy WhenFull { get; set; }

    internal MqttBridgeOptions ToBridge(string node, string dataFolder)
    {
        var bridge = new MqttBridgeOptions
        {
            Name = $"{node}.{Name}",
            Remote = new MqttClientOptions
            {
                Host = Host,
                Port = Port,
                UserName = UserName.Length > 0 ? UserName : null,
                Password = Password.Length > 0 ? Password : null,
                Tls = Tls,
                WebSocket = WebSocket,
                ProtocolVersion = Protocol,
                Outbox = Outbox(dataFolder, "out"),
            },
        };
        foreach (MqttBridgeTopic topic in Topics)
            bridge.Topics.Add(topic);
        return bridge;
    }

    /// <summary>Gives the outbox of one direction.</summary>
    internal MqttOutboxOptions Outbox(string dataFolder, string direction) => new()
    {
        File = Path.Combine(dataFolder, "mqtt", $"bridge-{Name}-{direction}.db"),
        MaxMessages = MaxMessages,
        MaxBytes = MaxBytes,
        WhenFull = WhenFull,
    };
}
