namespace Mlops.Mqtt;

/// <summary>The settings of an <see cref="MqttClient"/>; read once, when the client is created.</summary>
public sealed class MqttClientOptions
{
    /// <summary>Gets or sets the name or address of the broker.</summary>
    /// <value>localhost by default.</value>
    public string Host { get; set; } = "localhost";

    /// <summary>Gets or sets the TCP port of the broker.</summary>
    /// <value>1883 by default.</value>
    public int Port { get; set; } = 1883;

    /// <summary>Gets or sets further brokers that are tried in turn, after <see cref="Host"/>, when one cannot be reached or is lost.</summary>
    /// <value>Empty by default. All are reached in the same way and should know the same sessions and messages.</value>
    public IReadOnlyList<MqttServer> FurtherServers { get; set; } = [];

    /// <summary>Gets or sets how TLS is spoken with the broker.</summary>
    /// <value>Null by default: it is not. With it the usual <see cref="Port"/> is 8883.</value>
    public MqttClientTlsOptions? Tls { get; set; }

    /// <summary>Gets or sets how a WebSocket is opened, on which MQTT is then spoken.</summary>
    /// <value>Null by default: MQTT is spoken without.</value>
    public MqttClientWebSocketOptions? WebSocket { get; set; }

    /// <summary>Gets or sets the name under which the broker knows the client. Two clients with one name throw each other out.</summary>
    /// <value>Null by default: a random name that lasts as long as the <see cref="MqttClient"/>. Empty: the broker assigns one.</value>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the user name.</summary>
    public string? UserName { get; set; }

    /// <summary>Gets or sets the password.</summary>
    public string? Password { get; set; }

    /// <summary>Gets or sets the protocol version.</summary>
    /// <value>MQTT 5 by default.</value>
    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.V5;

    /// <summary>Gets or sets how long the connection may be silent before the client asks the broker for a sign of life.</summary>
    /// <value>30 s by default; at most 65535 s; zero turns it off, so that a dead broker is noticed late.</value>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets whether the broker forgets an older session of this client at the first connect.</summary>
    /// <value>True by default. With false, a fixed <see cref="ClientId"/> and, for MQTT 5, a <see cref="SessionExpiry"/>, messages that came while the client was away are delivered.</value>
    public bool CleanStart { get; set; } = true;

    /// <summary>Gets or sets how long the broker keeps the session after the connection is gone (MQTT 5).</summary>
    /// <value>Zero by default: not at all. <see cref="TimeSpan.MaxValue"/> asks for ever. MQTT 3.1.1 knows only <see cref="CleanStart"/>.</value>
    public TimeSpan SessionExpiry { get; set; }

    /// <summary>Gets or sets the message that the broker publishes when the client is gone without having said so.</summary>
    public MqttWill? Will { get; set; }

    /// <summary>Gets or sets the longest time that one attempt to connect or one subscription may take.</summary>
    /// <value>10 s by default.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the wait before the first attempt to connect again; it doubles with each failure and varies by up to half.</summary>
    /// <value>0.5 s by default.</value>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets or sets the longest wait between two attempts.</summary>
    /// <value>30 s by default.</value>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many published messages may be unsent or unacknowledged; beyond that publishing waits.</summary>
    /// <value>4096 by default.</value>
    public int MaxPendingPublishes { get; set; } = 4096;

    /// <summary>Gets or sets how many bytes published messages may hold while they are unsent or unacknowledged.</summary>
    /// <value>64 MiB by default; a single larger message is still sent.</value>
    public long MaxPendingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Gets or sets where QoS 1 messages are kept until the broker has them, so that publishing does not wait for it.</summary>
    /// <value>Null by default: publishing completes when the broker has acknowledged the message. With an outbox it completes when the
    /// outbox keeps the message: in a file over a restart of the process, in memory until its end.</value>
    public MqttOutboxOptions? Outbox { get; set; }

    /// <summary>Gets or sets the largest packet in bytes that the client accepts.</summary>
    /// <value>16 MiB by default.</value>
    public int MaxPacketSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>Gets or sets how many received messages may be unacknowledged; beyond that the client stops reading.</summary>
    /// <value>8192 by default, 65535 at most.</value>
    public int ReceiveMaximum { get; set; } = 8192;

    /// <summary>Gets or sets whether handlers acknowledge messages themselves through <see cref="MqttIncoming.Acknowledgement"/>.</summary>
    /// <value>False by default: a message is acknowledged when its handlers' tasks are complete.</value>
    public bool ManualAcknowledgement { get; set; }

    /// <summary>Gets or sets the highest topic alias that the broker may use (MQTT 5); the client remembers that many topics.</summary>
    /// <value>64 by default; 0 allows none.</value>
    public int TopicAliasMaximum { get; set; } = 64;

    /// <summary>Gets or sets the most topic aliases that the client uses towards a broker that allows them (MQTT 5).</summary>
    /// <value>64 by default; 0 uses none.</value>
    public int MaxTopicAliasesToBroker { get; set; } = 64;

    /// <summary>Gets or sets whether the broker is asked what response topics should begin with, see <see cref="MqttConnectResult.ResponseInformation"/> (MQTT 5).</summary>
    public bool RequestResponseInformation { get; set; }

    /// <summary>Gets or sets whether the broker may send reason strings with every answer (MQTT 5).</summary>
    /// <value>True by default.</value>
    public bool RequestProblemInformation { get; set; } = true;

    /// <summary>Gets or sets names and values that are sent along with CONNECT (MQTT 5).</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; set; } = [];

    /// <summary>Gets or sets the method of enhanced authentication (MQTT 5), together with <see cref="AuthenticationExchange"/>.</summary>
    /// <value>Null by default: user name and password only.</value>
    public string? AuthenticationMethod { get; set; }

    /// <summary>Gets or sets what begins a run of the enhanced authentication: at each connect and with <see cref="MqttClient.ReauthenticateAsync"/>.</summary>
    public Func<IMqttAuthenticationExchange>? AuthenticationExchange { get; set; }

    /// <summary>Gets host and port as they stand in a URL.</summary>
    internal string Authority => $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";

    /// <summary>Gets what is connected to, for messages.</summary>
    internal string EndPoint => (WebSocket, Tls) switch
    {
        (null, null) => $"mqtt://{Authority}",
        (null, _) => $"mqtts://{Authority}",
        ({ } socket, null) => $"ws://{Authority}{socket.Path.Split('?')[0]}",
        var (socket, _) => $"wss://{Authority}{socket.Path.Split('?')[0]}",
    };

    internal MqttClientOptions Checked()
    {
        var errors = new List<string>();
        Require(!string.IsNullOrWhiteSpace(Host), nameof(Host), Host, "a name or an address");
        Require(Port is > 0 and <= 65535, nameof(Port), Port, "a port from 1 to 65535");
        Require(ProtocolVersion is MqttProtocolVersion.V311 or MqttProtocolVersion.V5, nameof(ProtocolVersion), ProtocolVersion, "V311 or V5");
        Require(KeepAlive >= TimeSpan.Zero && KeepAlive.TotalSeconds <= 65535, nameof(KeepAlive), KeepAlive, "zero to 65535 s");
        Require(SessionExpiry >= TimeSpan.Zero, nameof(SessionExpiry), SessionExpiry, "zero or more");
        Require(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), ConnectTimeout, "more than zero");
        Require(ReconnectDelay > TimeSpan.Zero, nameof(ReconnectDelay), ReconnectDelay, "more than zero");
        Require(MaxReconnectDelay >= ReconnectDelay, nameof(MaxReconnectDelay), MaxReconnectDelay, $"at least {nameof(ReconnectDelay)}");
        Require(MaxPendingPublishes > 0, nameof(MaxPendingPublishes), MaxPendingPublishes, "more than zero");
        Require(MaxPendingBytes > 0, nameof(MaxPendingBytes), MaxPendingBytes, "more than zero");
        Require(MaxPacketSize >= 128, nameof(MaxPacketSize), MaxPacketSize, "at least 128");
        Require(ReceiveMaximum is > 0 and <= 65535, nameof(ReceiveMaximum), ReceiveMaximum, "1 to 65535");
        Require(Password is null || UserName is not null || ProtocolVersion == MqttProtocolVersion.V5, nameof(UserName), "null", "a name, as there is a password");
        errors.AddRange(Tls?.Problems() ?? []);
        errors.AddRange(WebSocket?.Problems() ?? []);
        errors.AddRange(Outbox?.Problems() ?? []);
        foreach (var server in FurtherServers)
            Require(!string.IsNullOrWhiteSpace(server.Host) && server.Port is > 0 and <= 65535, nameof(FurtherServers), $"{server.Host}:{server.Port}", "a name or an address, and a port from 1 to 65535");
        Require(TopicAliasMaximum is >= 0 and <= 65535, nameof(TopicAliasMaximum), TopicAliasMaximum, "0 to 65535");
        Require(MaxTopicAliasesToBroker is >= 0 and <= 65535, nameof(MaxTopicAliasesToBroker), MaxTopicAliasesToBroker, "0 to 65535");
        Require(ClientId is not "" || CleanStart || ProtocolVersion == MqttProtocolVersion.V5, nameof(ClientId), ClientId, "a name, or CleanStart");
        Require((AuthenticationMethod is null) == (AuthenticationExchange is null), nameof(AuthenticationMethod), AuthenticationMethod, "it together with AuthenticationExchange, or neither");
        Require(AuthenticationMethod is null || ProtocolVersion == MqttProtocolVersion.V5, nameof(AuthenticationMethod), AuthenticationMethod, "null, or ProtocolVersion V5");
        if (Will is { } will)
        {
            Require(will.Delay >= TimeSpan.Zero && will.Delay.TotalSeconds <= uint.MaxValue, "Will.Delay", will.Delay, "zero to 136 years");
            if (will.FindProblem() is { } problem)
                errors.Add($"Will: {problem}");
            Require(will.Payload.Length <= ushort.MaxValue, "Will.Payload", $"{will.Payload.Length} bytes", "at most 65535 bytes");
        }

        if (errors.Count > 0)
            throw new ArgumentException("The MQTT client's options cannot be used. " + string.Join(" ", errors));
        return Clone();

        void Require(bool holds, string name, object? value, string expected)
        {
            if (!holds)
                errors.Add($"{name} is '{value}': set {expected}.");
        }
    }

    internal MqttClientOptions Clone()
    {
        var clone = (MqttClientOptions)MemberwiseClone();
        clone.Outbox = Outbox?.Clone();
        return clone;
    }

    /// <summary>Gives the same settings for each server, the first one first.</summary>
    internal MqttClientOptions[] PerServer() => [this, .. FurtherServers.Select(At)];

    private MqttClientOptions At(MqttServer server)
    {
        var clone = Clone();
        (clone.Host, clone.Port) = (server.Host, server.Port);
        return clone;
    }
}
