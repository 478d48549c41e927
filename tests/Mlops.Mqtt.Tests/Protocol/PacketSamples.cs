using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Protocol;

/// <summary>Valid packets of each kind, and the codec's view of any bytes.</summary>
internal static class PacketSamples
{
    public static IEnumerable<(byte[] Packet, MqttProtocolVersion Version)> All()
    {
        foreach (var version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V5 })
        {
            yield return (Connect(version).Write(), version);
            yield return (ConnAck().Write(version), version);
            yield return (Publish(version, flags: 0b1011), version);
            yield return (Publish(version, flags: 0), version);
            yield return (SubscribePacket.Write(7, 300, "line/+/temperature", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), version), version);
            yield return (SubAckPacket.Write(PacketType.SubAck, 7, [0, 1, 0x80], version), version);
            yield return (UnsubscribePacket.Write(8, "line/#", version), version);
            yield return (SubAckPacket.Write(PacketType.UnsubAck, 8, [0x11], version), version);
            yield return (new DisconnectPacket(MqttReasonCode.QuotaExceeded, 60).Write(version), version);
            yield return ([0xC0, 0], version);
            yield return ([0xD0, 0], version);
            foreach (var type in new[] { PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp })
            {
                var target = new byte[AcknowledgePacket.MaxSize];
                var reason = type < PacketType.PubRel ? MqttReasonCode.NotAuthorized : MqttReasonCode.PacketIdentifierNotFound;
                int length = new AcknowledgePacket(9, reason).Write(target, type, version);
                yield return (target[..length], version);
            }
        }

        foreach (var auth in Auths())
            yield return (auth.Write(), MqttProtocolVersion.V5);
    }

    public static IEnumerable<AuthPacket> Auths() =>
    [
        new(MqttReasonCode.ContinueAuthentication, "SCRAM", "challenge"u8.ToArray()),
        new(MqttReasonCode.ReAuthenticate, "SCRAM", default),
        new(MqttReasonCode.Success, "SCRAM", "proof"u8.ToArray(), "done"),
    ];

    public static ConnectPacket Connect(MqttProtocolVersion version) => new()
    {
        Version = version,
        ClientId = "press-4",
        CleanStart = true,
        KeepAliveSeconds = 30,
        UserName = "näme",
        Password = Encoding.UTF8.GetBytes("secret"),
        SessionExpirySeconds = version == MqttProtocolVersion.V5 ? 60u : 0,
        ReceiveMaximum = version == MqttProtocolVersion.V5 ? (ushort)10 : ushort.MaxValue,
        MaximumPacketSize = version == MqttProtocolVersion.V5 ? 4096u : 0,
        TopicAliasMaximum = version == MqttProtocolVersion.V5 ? (ushort)9 : (ushort)0,
        RequestResponseInformation = version == MqttProtocolVersion.V5,
        RequestProblemInformation = version != MqttProtocolVersion.V5,
        AuthenticationMethod = version == MqttProtocolVersion.V5 ? "SCRAM" : null,
        AuthenticationData = version == MqttProtocolVersion.V5 ? "first"u8.ToArray() : default(ReadOnlyMemory<byte>?),
        UserProperties = version == MqttProtocolVersion.V5 ? [new MqttUserProperty("plant", "4"), new MqttUserProperty("plant", "5")] : [],
        Will = new WillMessage("status", "gone"u8.ToArray(), MqttQualityOfService.AtLeastOnce, true, version == MqttProtocolVersion.V5 ? 5u : 0, default),
    };

    public static ConnAckPacket ConnAck() => new()
    {
        SessionPresent = true,
        Reason = MqttReasonCode.Success,
        SessionExpirySeconds = 60,
        ReceiveMaximum = 20,
        MaximumQoS = MqttQualityOfService.AtLeastOnce,
        MaximumPacketSize = 1000,
        AssignedClientId = "auto-1",
        ServerKeepAliveSeconds = 10,
        SharedSubscriptionsAvailable = false,
        WildcardSubscriptionsAvailable = false,
        SubscriptionIdentifiersAvailable = false,
        RetainAvailable = false,
        TopicAliasMaximum = 12,
        ResponseInformation = "answers/1",
        ServerReference = "other:1883",
        AuthenticationMethod = "SCRAM",
        AuthenticationData = "proof"u8.ToArray(),
        UserProperties = [new MqttUserProperty("a", "1"), new MqttUserProperty("a", "2")],
        ReasonString = "welcome",
    };

    /// <summary>With a content type and a user property in version 5.</summary>
    public static byte[] Publish(MqttProtocolVersion version, byte flags)
    {
        byte[] properties = [3, 0, 4, .. "json"u8, 38, 0, 1, (byte)'k', 0, 1, (byte)'v'];
        var writer = new PublishWriter(flags, "line/3/temperature"u8, properties, [1, 200], 5, version);
        var packet = new byte[writer.PacketLength];
        writer.Write(packet, 77);
        "21.75"u8.CopyTo(packet.AsSpan(writer.HeaderLength));
        return packet;
    }

    /// <summary>Reads whatever the first byte says it is, to the end.</summary>
    public static void Parse(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        switch ((PacketType)(first >> 4))
        {
            case PacketType.Connect:
                ConnectPacket.Read(first, body);
                break;
            case PacketType.ConnAck:
                ConnAckPacket.Read(first, body, version);
                break;
            case PacketType.Publish:
                PublishPacket.Read(first, body, version);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                AcknowledgePacket.Read(first, body, version);
                break;
            case PacketType.Subscribe:
                var subscribe = SubscribePacket.Read(first, body, version);
                while (subscribe.Next(out _, out _))
                {
                }

                break;
            case PacketType.Unsubscribe:
                var unsubscribe = UnsubscribePacket.Read(first, body, version);
                while (unsubscribe.Next(out _))
                {
                }

                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                SubAckPacket.Read(first, body, version);
                break;
            case PacketType.Disconnect:
                DisconnectPacket.Read(first, body, version);
                break;
            case PacketType.Auth:
                AuthPacket.Read(first, body, version);
                break;
            case PacketType.PingReq or PacketType.PingResp:
                PingPacket.Check(first, body);
                break;
        }
    }
}
