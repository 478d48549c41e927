using Mlops.Mqtt;
using Mlops.Store;

namespace Mlops.Databus;

/// <summary>What clients of the embedded broker may take of it, section <c>Mlops:Mqtt:Limits</c>. <see cref="MqttBrokerOptions"/> says what happens beyond each limit.</summary>
public sealed class MqttLimitSettings
{
    private static readonly MqttBrokerOptions s_defaults = new();

    /// <summary>Gets or sets how many clients may be connected at once.</summary>
    /// <value>Default 1000.</value>
    public int MaxConnections { get; set; } = s_defaults.MaxConnections;

    /// <summary>Gets or sets how many connections one address may have at once; of IPv6, all of a /64 network count as one.</summary>
    /// <value>Default: as many as <see cref="MaxConnections"/>.</value>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>Gets or sets how often clients of one address may connect in a second, and as many at once.</summary>
    /// <value>Default 1000.</value>
    public int MaxConnectsPerSecond { get; set; } = s_defaults.MaxConnectsPerSecond;

    /// <summary>Gets or sets how long a connection may be half open: until TLS and WebSocket are, and then until CONNECT has come.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan ConnectTimeout { get; set; } = s_defaults.ConnectTimeout;

    /// <summary>Gets or sets the longest keep alive, after one and a half of which a silent client is disconnected; MQTT 5 clients that ask for more, or for none, are told this one.</summary>
    /// <value>Default: what each client asks for.</value>
    public TimeSpan? MaxKeepAlive { get; set; }

    /// <summary>Gets or sets how many sessions are kept, connected ones included.</summary>
    /// <value>Default 10000.</value>
    public int MaxSessions { get; set; } = s_defaults.MaxSessions;

    /// <summary>Gets or sets the longest time that a session outlives its connection.</summary>
    /// <value>Default 7 days.</value>
    public TimeSpan MaxSessionExpiry { get; set; } = s_defaults.MaxSessionExpiry;

    /// <summary>Gets or sets the largest packet that a client may send.</summary>
    /// <value>Default 16 MB; at most 256 MB.</value>
    public ByteSize MaxPacketSize { get; set; } = new(s_defaults.MaxPacketSize);

    /// <summary>Gets or sets how many messages of one client may be unacknowledged; beyond that nothing more is read from it.</summary>
    /// <value>Default 8192; at most 65535.</value>
    public int ReceiveMaximum { get; set; } = s_defaults.ReceiveMaximum;

    /// <summary>Gets or sets how many QoS 1 and 2 messages one client is sent before it acknowledges the first.</summary>
    /// <value>Default 1024.</value>
    public int MaxInFlightPerSession { get; set; } = s_defaults.MaxInFlightPerSession;

    /// <summary>Gets or sets how many messages may wait for one client.</summary>
    /// <value>Default 10000.</value>
    public int MaxQueuedMessagesPerSession { get; set; } = s_defaults.MaxQueuedMessagesPerSession;

    /// <summary>Gets or sets how much may wait for one client; a single larger message is still accepted.</summary>
    /// <value>Default 64 MB.</value>
    public ByteSize MaxQueuedBytesPerSession { get; set; } = new(s_defaults.MaxQueuedBytesPerSession);

    /// <summary>Gets or sets how many subscriptions one client may have.</summary>
    /// <value>Default 1000.</value>
    public int MaxSubscriptionsPerSession { get; set; } = s_defaults.MaxSubscriptionsPerSession;

    /// <summary>Gets or sets how many retained messages are kept.</summary>
    /// <value>Default 10000.</value>
    public int MaxRetained { get; set; } = s_defaults.MaxRetained;

    /// <summary>Gets or sets how much retained messages may take together.</summary>
    /// <value>Default 256 MB.</value>
    public ByteSize MaxRetainedBytes { get; set; } = new(s_defaults.MaxRetainedBytes);

    /// <summary>Gets or sets the highest topic alias that clients may use; the broker remembers that many topics for each.</summary>
    /// <value>Default 64; 0 allows none.</value>
    public int TopicAliasMaximum { get; set; } = s_defaults.TopicAliasMaximum;

    /// <summary>Gets or sets the most topic aliases that the broker uses towards a client that allows them.</summary>
    /// <value>Default 64; 0 uses none.</value>
    public int MaxTopicAliasesToClients { get; set; } = s_defaults.MaxTopicAliasesToClients;

    /// <summary>Gets or sets how much the broker's database in the folder <c>mqtt</c> of <c>Mlops:DataFolder</c> may take.</summary>
    /// <value>Default: what the disk offers. At least 1 MB.</value>
    public ByteSize? MaxDataBytes { get; set; }

    internal void ApplyTo(MqttBrokerOptions broker)
    {
        broker.MaxConnections = MaxConnections;
        broker.MaxConnectionsPerAddress = MaxConnectionsPerAddress;
        broker.MaxConnectsPerSecond = MaxConnectsPerSecond;
        broker.ConnectTimeout = ConnectTimeout;
        broker.MaxKeepAlive = MaxKeepAlive;
        broker.MaxSessions = MaxSessions;
        broker.MaxSessionExpiry = MaxSessionExpiry;
        broker.MaxPacketSize = (int)long.Clamp(MaxPacketSize.Bytes, int.MinValue, int.MaxValue);
        broker.ReceiveMaximum = ReceiveMaximum;
        broker.MaxInFlightPerSession = MaxInFlightPerSession;
        broker.MaxQueuedMessagesPerSession = MaxQueuedMessagesPerSession;
        broker.MaxQueuedBytesPerSession = MaxQueuedBytesPerSession.Bytes;
        broker.MaxSubscriptionsPerSession = MaxSubscriptionsPerSession;
        broker.MaxRetained = MaxRetained;
        broker.MaxRetainedBytes = MaxRetainedBytes.Bytes;
        broker.TopicAliasMaximum = TopicAliasMaximum;
        broker.MaxTopicAliasesToClients = MaxTopicAliasesToClients;
        broker.MaxDataBytes = MaxDataBytes?.Bytes;
    }
}
