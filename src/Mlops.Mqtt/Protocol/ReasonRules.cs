using static Mlops.Mqtt.MqttReasonCode;
using static Mlops.Mqtt.Protocol.PacketType;

namespace Mlops.Mqtt.Protocol;

/// <summary>Which packet may carry which reason code (MQTT 5, table 2-6).</summary>
internal static class ReasonRules
{
    /// <summary>By packet type: one bit for each of the 256 codes.</summary>
    private static readonly ulong[][] Table = CreateTable();

    /// <summary>Reads the reason of a packet.</summary>
    /// <exception cref="MqttProtocolException">The packet cannot have this reason.</exception>
    public static MqttReasonCode Check(PacketType type, byte code) =>
        Allows(type, code)
            ? (MqttReasonCode)code
            : throw MqttProtocolException.Malformed($"{type} cannot have the reason code 0x{code:X2}.");

    public static bool Allows(PacketType type, byte code) => (Table[(int)type][code >> 6] & (1UL << (code & 63))) != 0;

    private static ulong[][] CreateTable()
    {
        var table = new ulong[16][];
        for (int type = 0; type < table.Length; type++)
            table[type] = new ulong[4];
        void Add(PacketType type, params ReadOnlySpan<MqttReasonCode> codes)
        {
            foreach (var code in codes)
                table[(int)type][(int)code >> 6] |= 1UL << ((int)code & 63);
        }

        Add(
            ConnAck, Success, UnspecifiedError, MalformedPacket, ProtocolError, ImplementationSpecificError, UnsupportedProtocolVersion,
            ClientIdentifierNotValid, BadUserNameOrPassword, NotAuthorized, ServerUnavailable, ServerBusy, Banned, BadAuthenticationMethod,
            TopicNameInvalid, PacketTooLarge, QuotaExceeded, PayloadFormatInvalid, RetainNotSupported, QoSNotSupported, UseAnotherServer,
            ServerMoved, ConnectionRateExceeded);
        foreach (var type in new[] { PubAck, PubRec })
        {
            Add(
                type, Success, NoMatchingSubscribers, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicNameInvalid,
                PacketIdentifierInUse, QuotaExceeded, PayloadFormatInvalid);
        }

        Add(PubRel, Success, PacketIdentifierNotFound);
        Add(PubComp, Success, PacketIdentifierNotFound);
        Add(
            SubAck, Success, GrantedQoS1, GrantedQoS2, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
            PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported, SubscriptionIdentifiersNotSupported,
            WildcardSubscriptionsNotSupported);
        Add(
            UnsubAck, Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
            PacketIdentifierInUse);
        Add(
            Disconnect, Success, DisconnectWithWill, UnspecifiedError, MalformedPacket, ProtocolError, ImplementationSpecificError,
            NotAuthorized, ServerBusy, ServerShuttingDown, BadAuthenticationMethod, KeepAliveTimeout, SessionTakenOver, TopicFilterInvalid,
            TopicNameInvalid, ReceiveMaximumExceeded, TopicAliasInvalid, PacketTooLarge, MessageRateTooHigh, QuotaExceeded,
            AdministrativeAction, PayloadFormatInvalid, RetainNotSupported, QoSNotSupported, UseAnotherServer, ServerMoved,
            SharedSubscriptionsNotSupported, ConnectionRateExceeded, MaximumConnectTime, SubscriptionIdentifiersNotSupported,
            WildcardSubscriptionsNotSupported);
        Add(Auth, Success, ContinueAuthentication, ReAuthenticate);
        return table;
    }
}
