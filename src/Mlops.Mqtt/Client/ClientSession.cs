using System.Text;
using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client;

/// <summary>What a client keeps from one connection to the next.</summary>
internal sealed class ClientSession
{
    private readonly MqttClientOptions[] servers;
    private int server;

    public ClientSession(MqttClientOptions options, MqttClientCounters counters, ILogger logger, TimeProvider time)
    {
        servers = options.PerServer();
        Time = time;
        Counters = counters;
        ClientId = options.ClientId ?? $"mqtt-{Random.Shared.NextInt64():x16}";
        Outgoing = new DeliveryQueue(options.MaxPendingPublishes, options.MaxPendingBytes, time, counters.Dropped.Count);
        Incoming = new IncomingDispatcher(Subscriptions, options.ManualAcknowledgement, counters, logger);
    }

    /// <summary>The settings, with the server that is used now.</summary>
    public MqttClientOptions Options => servers[Volatile.Read(ref server)];

    public TimeProvider Time { get; }

    public MqttClientCounters Counters { get; }

    /// <summary>As the options say, or as the broker has assigned it.</summary>
    public string ClientId { get; set; }

    /// <summary>What a connection says when it is ended on purpose.</summary>
    public DisconnectPacket Farewell { get; set; }

    /// <summary>Gives what is told how long an acknowledgement took, or null while nobody wants to know.</summary>
    public Func<MqttQualityOfService, Action<TimeSpan>?>? WhenAcknowledged { get; set; }

    public DeliveryQueue Outgoing { get; }

    /// <summary>What has come with QoS 2 and is not released yet.</summary>
    public ReceivedIdentifiers Received { get; } = new();

    public SubscriptionTable Subscriptions { get; } = new();

    public IncomingDispatcher Incoming { get; }

    private uint SessionExpirySeconds =>
        Options.SessionExpiry.TotalSeconds >= uint.MaxValue ? uint.MaxValue : (uint)Math.Ceiling(Options.SessionExpiry.TotalSeconds);

    /// <summary>
    /// Tells whether to ask for a new session: always as the options say at first; later a session that outlives its connection
    /// is resumed, so that what is in flight is neither lost nor doubled.
    /// </summary>
    public bool CleanStart(bool first) =>
        Options.CleanStart && (first || Options.ProtocolVersion == MqttProtocolVersion.V311 || Options.SessionExpiry == TimeSpan.Zero);

    /// <summary>Uses the next server from now on.</summary>
    public void TurnToNextServer() => Volatile.Write(ref server, (server + 1) % servers.Length);

    public ConnectPacket Connect(bool cleanStart, string? method, ReadOnlyMemory<byte> data)
    {
        var will = Options.Will;
        return new ConnectPacket
        {
            Version = Options.ProtocolVersion,
            CleanStart = cleanStart,
            KeepAliveSeconds = (ushort)Math.Ceiling(Options.KeepAlive.TotalSeconds),
            ClientId = ClientId,
            UserName = Options.UserName,
            Password = Options.Password is { } password ? Encoding.UTF8.GetBytes(password) : default(ReadOnlyMemory<byte>?),
            SessionExpirySeconds = SessionExpirySeconds,
            ReceiveMaximum = (ushort)Options.ReceiveMaximum,
            MaximumPacketSize = (uint)Options.MaxPacketSize,
            TopicAliasMaximum = (ushort)Options.TopicAliasMaximum,
            RequestResponseInformation = Options.RequestResponseInformation,
            RequestProblemInformation = Options.RequestProblemInformation,
            UserProperties = Options.UserProperties,
            AuthenticationMethod = method,
            AuthenticationData = data.IsEmpty ? default(ReadOnlyMemory<byte>?) : data,
            Will = will is null ? null : new WillMessage(
                will.Topic, will.Payload, will.QualityOfService, will.Retain, (uint)Math.Ceiling(will.Delay.TotalSeconds), EncodeProperties(will)),
        };
    }

    private static byte[] EncodeProperties(MqttWill will) =>
    [
        .. new PacketBuilder().Property(PropertyId.MessageExpiryInterval, will.ExpirySeconds ?? 0, will.ExpirySeconds is not null).ToArray(),
        .. will.EncodeProperties() ?? [],
    ];
}
