using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>CONNECT (MQTT 5, section 3.1). Owns its content: it outlives the receive buffer.</summary>
internal sealed record ConnectPacket
{
    public required MqttProtocolVersion Version { get; init; }

    public bool CleanStart { get; init; }

    public ushort KeepAliveSeconds { get; init; }

    public string ClientId { get; init; } = "";

    /// <summary>Whether the broker has chosen the client identifier.</summary>
    public bool WasNamed { get; init; }

    /// <summary>Whether the broker has shortened the keep alive.</summary>
    public bool HasOtherKeepAlive { get; init; }

    public WillMessage? Will { get; init; }

    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Seconds; <see cref="uint.MaxValue"/> never ends. For 3.1.1 it follows from the clean session flag.</summary>
    public uint SessionExpirySeconds { get; init; }

    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Bytes; 0 sets no limit.</summary>
    public uint MaximumPacketSize { get; init; }

    /// <summary>The highest topic alias that the client takes; 0 for none.</summary>
    public ushort TopicAliasMaximum { get; init; }

    public bool RequestResponseInformation { get; init; }

    /// <summary>Whether the client wants to be told why, also with packets other than PUBLISH, CONNACK and DISCONNECT.</summary>
    public bool RequestProblemInformation { get; init; } = true;

    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    public string? AuthenticationMethod { get; init; }

    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    public static ConnectPacket Read(byte first, ReadOnlySpan<byte> body)
    {
        if (first != (int)PacketType.Connect << 4)
            throw MqttProtocolException.Malformed("The first packet is not a CONNECT.");
        var reader = new PacketReader(body);
        var name = reader.ReadUncheckedText();
        byte level = reader.ReadByte();
        if (!name.SequenceEqual("MQTT"u8) || level is not (4 or 5))
        {
            throw new MqttProtocolException(
                MqttReasonCode.UnsupportedProtocolVersion,
                $"Protocol level {level} is not spoken here; 4 (3.1.1) and 5 are.");
        }

        byte flags = reader.ReadByte();
        if ((flags & 1) != 0)
            throw MqttProtocolException.Malformed("The reserved flag of CONNECT is set.");
        var packet = new ConnectPacket
        {
            Version = (MqttProtocolVersion)level,
            CleanStart = (flags & 2) != 0,
            KeepAliveSeconds = reader.ReadUInt16(),
        };
        packet = level == 5
            ? packet.WithProperties(reader.ReadProperties())
            : packet with { SessionExpirySeconds = packet.CleanStart ? 0 : uint.MaxValue };
        return packet.WithPayload(ref reader, flags);
    }

    /// <summary>Tells whether the bytes begin like a CONNECT of version 5, so that a refusal can be in its form.</summary>
    public static bool IsVersion5(byte first, ReadOnlySpan<byte> body) =>
        first == (int)PacketType.Connect << 4 && body.StartsWith((ReadOnlySpan<byte>)[0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5]);

    /// <summary>The same without what only the authentication needs: it stays in memory as long as the connection.</summary>
    public ConnectPacket WithoutSecrets() => this with { Password = null, AuthenticationData = null };

    public byte[] Write()
    {
        int flags = CleanStart ? 2 : 0;
        if (Will is not null)
            flags |= 4 | ((int)Will.QualityOfService << 3) | (Will.Retain ? 32 : 0);
        if (UserName is not null)
            flags |= 128;
        if (Password is not null)
            flags |= 64;
        bool v5 = Version == MqttProtocolVersion.V5;
        var builder = new PacketBuilder().Binary("MQTT"u8).Byte((byte)Version).Byte((byte)flags).UInt16(KeepAliveSeconds);
        if (v5)
        {
            builder.BeginProperties()
                .Property(PropertyId.SessionExpiryInterval, SessionExpirySeconds, SessionExpirySeconds != 0)
                .Property(PropertyId.ReceiveMaximum, ReceiveMaximum, ReceiveMaximum != ushort.MaxValue)
                .Property(PropertyId.MaximumPacketSize, MaximumPacketSize, MaximumPacketSize != 0)
                .Property(PropertyId.TopicAliasMaximum, TopicAliasMaximum, TopicAliasMaximum != 0)
                .Property(PropertyId.RequestResponseInformation, 1, RequestResponseInformation)
                .Property(PropertyId.RequestProblemInformation, 0, !RequestProblemInformation)
                .Property(PropertyId.AuthenticationMethod, AuthenticationMethod);
            if (AuthenticationData is { } data)
                builder.Property(PropertyId.AuthenticationData, data.Span);
            builder.UserProperties(UserProperties).EndProperties();
        }

        builder.Text(ClientId);
        if (Will is not null)
        {
            if (v5)
            {
                builder.BeginProperties()
                    .Property(PropertyId.WillDelayInterval, Will.DelaySeconds, Will.DelaySeconds != 0)
                    .Raw(Will.Properties.Span)
                    .EndProperties();
            }

            builder.Text(Will.Topic).Binary(Will.Payload.Span);
        }

        if (UserName is not null)
            builder.Text(UserName);
        if (Password is { } password)
            builder.Binary(password.Span);
        return builder.Build(PacketType.Connect);
    }

    private ConnectPacket WithProperties(ReadOnlySpan<byte> section)
    {
        var packet = this;
        List<MqttUserProperty> users = [];
        var properties = new PropertyReader(section, PacketType.Connect);
        while (properties.Next())
        {
            uint number = properties.Number;
            if (properties.Id == PropertyId.UserProperty)
                users.Add(new MqttUserProperty(Encoding.UTF8.GetString(properties.Bytes), Encoding.UTF8.GetString(properties.Second)));
            packet = properties.Id switch
            {
                PropertyId.SessionExpiryInterval => packet with { SessionExpirySeconds = number },
                PropertyId.ReceiveMaximum => packet with { ReceiveMaximum = (ushort)number },
                PropertyId.MaximumPacketSize => packet with { MaximumPacketSize = number },
                PropertyId.TopicAliasMaximum => packet with { TopicAliasMaximum = (ushort)number },
                PropertyId.RequestResponseInformation => packet with { RequestResponseInformation = number == 1 },
                PropertyId.RequestProblemInformation => packet with { RequestProblemInformation = number == 1 },
                PropertyId.AuthenticationMethod => packet with { AuthenticationMethod = Encoding.UTF8.GetString(properties.Bytes) },
                PropertyId.AuthenticationData => packet with { AuthenticationData = properties.Bytes.ToArray() },
                _ => packet,
            };
        }

        if (packet is { AuthenticationMethod: null, AuthenticationData: not null })
            throw MqttProtocolException.NotAllowed("CONNECT has authentication data but no method.");
        return users.Count == 0 ? packet : packet with { UserProperties = users };
    }

    private ConnectPacket WithPayload(ref PacketReader reader, byte flags)
    {
        string clientId = reader.ReadString();
        var will = (flags & 4) != 0 ? ReadWill(ref reader, flags) : null;
        if (will is null && (flags & 0b0011_1000) != 0)
            throw MqttProtocolException.Malformed("CONNECT has will flags but no will.");
        bool hasUser = (flags & 128) != 0, hasPassword = (flags & 64) != 0;
        if (hasPassword && !hasUser && Version == MqttProtocolVersion.V311)
            throw MqttProtocolException.Malformed("CONNECT has a password but no user name.");
        string? user = hasUser ? reader.ReadString() : null;
        byte[]? password = hasPassword ? reader.ReadBinary().ToArray() : null;
        reader.ExpectEnd();
        return this with { ClientId = clientId, Will = will, UserName = user, Password = password is null ? default(ReadOnlyMemory<byte>?) : password };
    }

    private WillMessage ReadWill(ref PacketReader reader, byte flags)
    {
        uint delay = 0;
        byte[] forwarded = [];
        if (Version == MqttProtocolVersion.V5)
        {
            var section = reader.ReadProperties();
            var properties = new PropertyReader(section, PropertyRules.Will);
            int delayAt = -1;
            while (properties.Next())
            {
                if (properties.Id == PropertyId.WillDelayInterval)
                    (delay, delayAt) = (properties.Number, properties.Offset);
            }

            // The delay is for the broker; what remains belongs to the message. It takes five bytes: identifier and UInt32.
            forwarded = delayAt < 0 ? section.ToArray() : [.. section[..delayAt], .. section[(delayAt + 5)..]];
        }

        int quality = (flags >> 3) & 3;
        if (quality == 3)
            throw MqttProtocolException.Malformed("The will has QoS 3.");
        string topic = reader.ReadString();
        if (!MqttTopicFilter.IsValidTopic(topic))
            throw new MqttProtocolException(MqttReasonCode.TopicNameInvalid, "The topic of the will is empty or has a wildcard.");
        byte[] payload = reader.ReadBinary().ToArray();
        if (PublishProperties.Read(forwarded, PropertyRules.Will).IsText && !System.Text.Unicode.Utf8.IsValid(payload))
            throw new MqttProtocolException(MqttReasonCode.PayloadFormatInvalid, "The will is marked as text but is not UTF-8.");
        return new WillMessage(topic, payload, (MqttQualityOfService)quality, (flags & 32) != 0, delay, forwarded);
    }
}
