using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>CONNACK (MQTT 5, section 3.2). The answer codes of 3.1.1 are translated to those of 5.</summary>
internal sealed record ConnAckPacket
{
    public bool SessionPresent { get; init; }

    public MqttReasonCode Reason { get; init; }

    public uint? SessionExpirySeconds { get; init; }

    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    public MqttQualityOfService MaximumQoS { get; init; } = MqttQualityOfService.ExactlyOnce;

    public bool RetainAvailable { get; init; } = true;

    /// <summary>Bytes; 0 sets no limit.</summary>
    public uint MaximumPacketSize { get; init; }

    public string? AssignedClientId { get; init; }

    public ushort? ServerKeepAliveSeconds { get; init; }

    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    public bool SharedSubscriptionsAvailable { get; init; } = true;

    public bool WildcardSubscriptionsAvailable { get; init; } = true;

    /// <summary>The highest alias that the broker takes; 0 for none.</summary>
    public ushort TopicAliasMaximum { get; init; }

    public string? ResponseInformation { get; init; }

    public string? ServerReference { get; init; }

    public string? AuthenticationMethod { get; init; }

    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    public string? ReasonString { get; init; }

    public static ConnAckPacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        if (first != (int)PacketType.ConnAck << 4)
            throw MqttProtocolException.Malformed("The answer to CONNECT is not a CONNACK.");
        var reader = new PacketReader(body);
        byte flags = reader.ReadByte();
        byte reason = reader.ReadByte();
        if (flags > 1)
            throw MqttProtocolException.Malformed("A reserved flag of CONNACK is set.");
        // A broker without MQTT 5 answers a version 5 CONNECT in the form of 3.1.1, that is, without properties.
        if (version == MqttProtocolVersion.V311 || reader.AtEnd)
        {
            reader.ExpectEnd();
            return new ConnAckPacket { SessionPresent = flags == 1, Reason = FromReturnCode(reason) };
        }

        var packet = ReadProperties(reader.ReadProperties());
        reader.ExpectEnd();
        if (flags == 1 && reason != 0)
            throw MqttProtocolException.NotAllowed("A CONNACK that refuses says that there is a session.");
        return packet with { SessionPresent = flags == 1, Reason = ReasonRules.Check(PacketType.ConnAck, reason) };
    }

    public byte[] Write(MqttProtocolVersion version)
    {
        var builder = new PacketBuilder().Byte(SessionPresent ? (byte)1 : (byte)0);
        if (version != MqttProtocolVersion.V5)
            return builder.Byte(ToReturnCode(Reason)).Build(PacketType.ConnAck);
        builder.Byte((byte)Reason).BeginProperties()
            .Property(PropertyId.SessionExpiryInterval, SessionExpirySeconds ?? 0, SessionExpirySeconds is not null)
            .Property(PropertyId.ReceiveMaximum, ReceiveMaximum, ReceiveMaximum != ushort.MaxValue)
            .Property(PropertyId.MaximumQoS, (uint)MaximumQoS, MaximumQoS != MqttQualityOfService.ExactlyOnce)
            .Property(PropertyId.RetainAvailable, 0, !RetainAvailable)
            .Property(PropertyId.MaximumPacketSize, MaximumPacketSize, MaximumPacketSize != 0)
            .Property(PropertyId.AssignedClientIdentifier, AssignedClientId)
            .Property(PropertyId.ServerKeepAlive, ServerKeepAliveSeconds ?? 0, ServerKeepAliveSeconds is not null)
            .Property(PropertyId.SubscriptionIdentifierAvailable, 0, !SubscriptionIdentifiersAvailable)
            .Property(PropertyId.SharedSubscriptionAvailable, 0, !SharedSubscriptionsAvailable)
            .Property(PropertyId.WildcardSubscriptionAvailable, 0, !WildcardSubscriptionsAvailable)
            .Property(PropertyId.TopicAliasMaximum, TopicAliasMaximum, TopicAliasMaximum != 0)
            .Property(PropertyId.ResponseInformation, ResponseInformation)
            .Property(PropertyId.ServerReference, ServerReference)
            .Property(PropertyId.AuthenticationMethod, AuthenticationMethod)
            .Property(PropertyId.ReasonString, ReasonString);
        if (AuthenticationData is { } data)
            builder.Property(PropertyId.AuthenticationData, data.Span);
        return builder.UserProperties(UserProperties).EndProperties().Build(PacketType.ConnAck);
    }

    private static ConnAckPacket ReadProperties(ReadOnlySpan<byte> section)
    {
        var packet = new ConnAckPacket();
        List<MqttUserProperty> users = [];
        var properties = new PropertyReader(section, PacketType.ConnAck);
        while (properties.Next())
        {
            uint number = properties.Number;
            if (properties.Id == PropertyId.UserProperty)
                users.Add(new MqttUserProperty(Encoding.UTF8.GetString(properties.Bytes), Encoding.UTF8.GetString(properties.Second)));
            packet = properties.Id switch
            {
                PropertyId.SessionExpiryInterval => packet with { SessionExpirySeconds = number },
                PropertyId.ReceiveMaximum => packet with { ReceiveMaximum = (ushort)number },
                PropertyId.MaximumQoS => packet with { MaximumQoS = (MqttQualityOfService)number },
                PropertyId.RetainAvailable => packet with { RetainAvailable = number == 1 },
                PropertyId.MaximumPacketSize => packet with { MaximumPacketSize = number },
                PropertyId.AssignedClientIdentifier => packet with { AssignedClientId = Encoding.UTF8.GetString(properties.Bytes) },
                PropertyId.ServerKeepAlive => packet with { ServerKeepAliveSeconds = (ushort)number },
                PropertyId.SubscriptionIdentifierAvailable => packet with { SubscriptionIdentifiersAvailable = number == 1 },
                PropertyId.SharedSubscriptionAvailable => packet with { SharedSubscriptionsAvailable = number == 1 },
                PropertyId.ReasonString => packet with { ReasonString = Encoding.UTF8.GetString(properties.Bytes) },
                PropertyId.WildcardSubscriptionAvailable => packet with { WildcardSubscriptionsAvailable = number == 1 },
                PropertyId.TopicAliasMaximum => packet with { TopicAliasMaximum = (ushort)number },
                PropertyId.ResponseInformation => packet with { ResponseInformation = Encoding.UTF8.GetString(properties.Bytes) },
                PropertyId.ServerReference => packet with { ServerReference = Encoding.UTF8.GetString(properties.Bytes) },
                PropertyId.AuthenticationMethod => packet with { AuthenticationMethod = Encoding.UTF8.GetString(properties.Bytes) },
                PropertyId.AuthenticationData => packet with { AuthenticationData = properties.Bytes.ToArray() },
                _ => packet,
            };
        }

        return users.Count == 0 ? packet : packet with { UserProperties = users };
    }

    private static MqttReasonCode FromReturnCode(byte code) => code switch
    {
        0 => MqttReasonCode.Success,
        1 => MqttReasonCode.UnsupportedProtocolVersion,
        2 => MqttReasonCode.ClientIdentifierNotValid,
        3 => MqttReasonCode.ServerUnavailable,
        4 => MqttReasonCode.BadUserNameOrPassword,
        5 => MqttReasonCode.NotAuthorized,
        >= 0x80 => (MqttReasonCode)code,
        _ => MqttReasonCode.UnspecifiedError,
    };

    private static byte ToReturnCode(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.Success => 0,
        MqttReasonCode.UnsupportedProtocolVersion => 1,
        MqttReasonCode.ClientIdentifierNotValid => 2,
        MqttReasonCode.BadUserNameOrPassword => 4,
        MqttReasonCode.NotAuthorized or MqttReasonCode.Banned or MqttReasonCode.BadAuthenticationMethod => 5,
        _ => 3,
    };
}
