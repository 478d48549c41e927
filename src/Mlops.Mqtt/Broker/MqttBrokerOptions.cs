using System.Collections.Concurrent;
using System.Net;
using Mlops.Mqtt.Broker.Access;

namespace Mlops.Mqtt;

/// <summary>The settings of an <see cref="MqttBroker"/>; read once, when the broker is created.</summary>
public sealed class MqttBrokerOptions
{
    /// <summary>The largest packet that MQTT knows, in bytes: 256 MiB behind its fixed header of five.</summary>
    private const int LargestPacket = (256 * 1024 * 1024) + 4;

    /// <summary>Gets or sets the address of the listener that there is when <see cref="Listeners"/> is empty.</summary>
    /// <value>The loopback address by default; <see cref="IPAddress.Any"/> opens the broker to the network.</value>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Gets or sets the TCP port of the listener that there is when <see cref="Listeners"/> is empty.</summary>
    /// <value>1883 by default; 0 takes a free one, see <see cref="MqttBroker.Port"/>.</value>
    public int Port { get; set; } = 1883;

    /// <summary>Gets or sets whether clients on this machine need no user name at the listener that there is when <see cref="Listeners"/> is empty.</summary>
    /// <value>True by default. A client that names a user while there are users must have the right password all the same.</value>
    public bool AllowAnonymousFromLoopback { get; set; } = true;

    /// <summary>Gets where the broker listens, each with settings of its own, instead of at <see cref="Address"/> and <see cref="Port"/>.</summary>
    /// <value>Empty by default.</value>
    public IList<MqttListenerOptions> Listeners { get; } = [];

    /// <summary>Gets hashes (<see cref="MqttPassword.Hash"/>) or passwords by user name. Ignored when <see cref="MqttBroker.Authenticate"/> is set.</summary>
    public IDictionary<string, string> Users { get; } = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets a file with further users, <c>name:hash</c> in each line, as <c>mosquitto_passwd</c> writes it; read again when it changes.</summary>
    /// <value>Null by default.</value>
    public string? UsersFile { get; set; }

    /// <summary>Gets what clients may publish and subscribe to. Ignored when <see cref="MqttBroker.Authorize"/> is set.</summary>
    /// <value>Empty by default: everything. With one rule or more, what no rule allows is denied.</value>
    public IList<MqttAccessRule> Rules { get; } = [];

    /// <summary>Gets or sets how often clients of one address may connect in a second, and as many at once.</summary>
    /// <value>1000 by default. Of IPv6, all addresses of a /64 network count as one.</value>
    public int MaxConnectsPerSecond { get; set; } = 1000;

    /// <summary>Gets or sets the largest packet in bytes that a client may send.</summary>
    /// <value>16 MiB by default, 256 MiB at most.</value>
    public int MaxPacketSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>Gets or sets how many clients may be connected at once. A connection that has not sent CONNECT makes room for another one.</summary>
    /// <value>1000 by default.</value>
    public int MaxConnections { get; set; } = 1000;

    /// <summary>Gets or sets how many connections one address may have at once.</summary>
    /// <value>Null by default: as many as <see cref="MaxConnections"/>. Of IPv6, all addresses of a /64 network count as one.</value>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>Gets or sets how many sessions are kept, connected ones included.</summary>
    /// <value>10000 by default.</value>
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>Gets or sets the longest time that a session outlives its connection.</summary>
    /// <value>7 days by default. Sessions outlive the process when there is a <see cref="DataFolder"/>.</value>
    public TimeSpan MaxSessionExpiry { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets how many messages may wait for one client. Beyond that QoS 0 is dropped, and QoS 1 disconnects the client.</summary>
    /// <value>10000 by default.</value>
    public int MaxQueuedMessagesPerSession { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes may wait for one client; a single larger message is still accepted.</summary>
    /// <value>64 MiB by default.</value>
    public long MaxQueuedBytesPerSession { get; set; } = 64 * 1024 * 1024;

    /// <summary>Gets or sets how many QoS 1 messages one client is sent before it acknowledges the first; a client may ask for fewer.</summary>
    /// <value>1024 by default.</value>
    public int MaxInFlightPerSession { get; set; } = 1024;

    /// <summary>Gets or sets how many subscriptions one client may have.</summary>
    /// <value>1000 by default.</value>
    public int MaxSubscriptionsPerSession { get; set; } = 1000;

    /// <summary>Gets or sets how many retained messages are kept. Beyond that new topics are delivered but not kept.</summary>
    /// <value>10000 by default.</value>
    public int MaxRetained { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes retained messages may take together.</summary>
    /// <value>256 MiB by default.</value>
    public long MaxRetainedBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Gets or sets how many messages of one client may be unacknowledged; beyond that the broker stops reading from it.</summary>
    /// <value>8192 by default, 65535 at most.</value>
    public int ReceiveMaximum { get; set; } = 8192;

    /// <summary>Gets or sets how long a new connection may take to open TLS and WebSocket, and then to send CONNECT.</summary>
    /// <value>10 s by default.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the highest topic alias that clients may use (MQTT 5); the broker remembers that many topics for each.</summary>
    /// <value>64 by default; 0 allows none.</value>
    public int TopicAliasMaximum { get; set; } = 64;

    /// <summary>Gets or sets the most topic aliases that the broker uses towards a client that allows them.</summary>
    /// <value>64 by default; 0 uses none.</value>
    public int MaxTopicAliasesToClients { get; set; } = 64;

    /// <summary>Gets or sets the longest keep alive that clients may have; MQTT 5 clients that ask for longer are told this one.</summary>
    /// <value>Null by default: what each client asks for. At most 65535 s.</value>
    public TimeSpan? MaxKeepAlive { get; set; }

    /// <summary>Gets or sets what clients that ask for response information are told to begin their response topics with.</summary>
    /// <value>Null by default: nothing.</value>
    public string? ResponseInformation { get; set; }

    /// <summary>Gets or sets whether the wills of connected clients are published when the broker stops, for retained messages and subscribers in this process.</summary>
    /// <value>False by default: whoever stops the broker usually does not mean that its clients are broken.</value>
    public bool PublishWillsOnStop { get; set; }

    /// <summary>Gets or sets how often statistics are published below <c>$SYS/broker/</c>, retained; values that have not changed are left out.</summary>
    /// <value>10 s by default; zero publishes none, otherwise at least 1 s.</value>
    public TimeSpan SystemTopicsInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the folder in which sessions that outlive their connection, with their QoS 1 and 2 messages and delayed wills, and
    /// retained messages are kept, so that they survive a restart and a crash. Of one broker only; made when it does not exist.
    /// </summary>
    /// <value>Null by default: they are kept in memory.</value>
    public string? DataFolder { get; set; }

    /// <summary>Gets or sets how many bytes the database in <see cref="DataFolder"/> may take. Beyond that, as on a full disk, what has to be kept is refused.</summary>
    /// <value>Null by default: what the disk offers. At least 1 MiB.</value>
    public long? MaxDataBytes { get; set; }

    /// <summary>Finds what a broker could not work with.</summary>
    /// <returns>A sentence for each setting, with its name, its value and what to set; none when all can be used.</returns>
    public IReadOnlyList<string> FindProblems()
    {
        var errors = new List<string>();
        Require(Port is >= 0 and <= 65535, nameof(Port), Port, "a port from 0 to 65535");
        Require(MaxPacketSize is >= 128 and <= LargestPacket, nameof(MaxPacketSize), MaxPacketSize, $"128 to {LargestPacket}");
        Require(ReceiveMaximum is > 0 and <= 65535, nameof(ReceiveMaximum), ReceiveMaximum, "1 to 65535");
        Require(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), ConnectTimeout, "more than zero");
        Require(MaxSessionExpiry >= TimeSpan.Zero, nameof(MaxSessionExpiry), MaxSessionExpiry, "zero or more");
        Require(TopicAliasMaximum is >= 0 and <= 65535, nameof(TopicAliasMaximum), TopicAliasMaximum, "0 to 65535");
        Require(MaxTopicAliasesToClients is >= 0 and <= 65535, nameof(MaxTopicAliasesToClients), MaxTopicAliasesToClients, "0 to 65535");
        Require(MaxKeepAlive is null || MaxKeepAlive.Value.TotalSeconds is >= 1 and <= 65535, nameof(MaxKeepAlive), MaxKeepAlive ?? default, "1 s to 65535 s");
        RequirePositive(MaxConnections, nameof(MaxConnections));
        RequirePositive(MaxConnectionsPerAddress ?? 1, nameof(MaxConnectionsPerAddress));
        RequirePositive(MaxConnectsPerSecond, nameof(MaxConnectsPerSecond));
        RequirePositive(MaxSessions, nameof(MaxSessions));
        RequirePositive(MaxQueuedMessagesPerSession, nameof(MaxQueuedMessagesPerSession));
        RequirePositive(MaxQueuedBytesPerSession, nameof(MaxQueuedBytesPerSession));
        RequirePositive(MaxInFlightPerSession, nameof(MaxInFlightPerSession));
        RequirePositive(MaxSubscriptionsPerSession, nameof(MaxSubscriptionsPerSession));
        Require(MaxRetained >= 0, nameof(MaxRetained), MaxRetained, "zero or more");
        Require(MaxRetainedBytes >= 0, nameof(MaxRetainedBytes), MaxRetainedBytes, "zero or more");
        Require(SystemTopicsInterval == TimeSpan.Zero || SystemTopicsInterval >= TimeSpan.FromSeconds(1), nameof(SystemTopicsInterval), SystemTopicsInterval, "zero, or at least 1 s");
        Require(DataFolder is null || DataFolder.Trim().Length > 0, nameof(DataFolder), DataFolder!, "a folder, or null");
        Require(MaxDataBytes is null or >= 1024 * 1024, nameof(MaxDataBytes), MaxDataBytes!, "at least 1048576, or null");
        for (int i = 0; i < Listeners.Count; i++)
            errors.AddRange(Listeners[i].Problems().Select(problem => $"Listeners[{i}].{problem}"));
        foreach (var (user, password) in Users)
            Require(user.Length > 0 && (!PasswordHash.Looks(password) || PasswordHash.Parse(password) is not null), $"Users['{user}']", "hidden", "a hash of MqttPassword.Hash, or a password that does not begin with '$7$'");
        foreach (var rule in Rules)
            Require(MqttTopicFilter.IsValidFilter(rule.Topic), "Rules.Topic", rule.Topic, "a topic filter");
        return errors;

        void RequirePositive(long value, string name) => Require(value > 0, name, value, "more than zero");

        void Require(bool holds, string name, object value, string expected)
        {
            if (!holds)
                errors.Add($"{name} is '{value}': set {expected}.");
        }
    }

    internal IReadOnlyList<MqttListenerOptions> AllListeners => Listeners.Count > 0
        ? [.. Listeners]
        : [new MqttListenerOptions { Address = Address, Port = Port, Anonymous = AllowAnonymousFromLoopback ? MqttAnonymousAccess.Loopback : MqttAnonymousAccess.Nobody }];

    internal MqttBrokerOptions Checked()
    {
        var problems = FindProblems();
        return problems.Count == 0
            ? (MqttBrokerOptions)MemberwiseClone()
            : throw new ArgumentException("The MQTT broker's options cannot be used. " + string.Join(" ", problems));
    }
}
