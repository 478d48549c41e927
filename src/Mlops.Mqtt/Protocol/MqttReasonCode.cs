namespace Mlops.Mqtt;

/// <summary>Names why something was done or refused (MQTT 5, section 2.4); values from 0x80 on are failures.</summary>
public enum MqttReasonCode : byte
{
    /// <summary>Success; normal disconnection; granted QoS 0.</summary>
    Success = 0x00,

    /// <summary>The subscription is granted with QoS 1.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>The subscription is granted with QoS 2.</summary>
    GrantedQoS2 = 0x02,

    /// <summary>The client closes and wants its will to be published.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>The message was accepted, but nobody has subscribed to its topic.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>There was no such subscription to remove.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>Authentication goes on with another step.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>The client starts to authenticate again.</summary>
    ReAuthenticate = 0x19,

    /// <summary>Refused without a nearer reason.</summary>
    UnspecifiedError = 0x80,

    /// <summary>The bytes are not a packet of this protocol version.</summary>
    MalformedPacket = 0x81,

    /// <summary>The packet is well formed but not allowed here.</summary>
    ProtocolError = 0x82,

    /// <summary>Valid, but this implementation refuses it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>The broker does not speak the requested version.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The broker does not accept the client identifier.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>The user name or the password is wrong.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>The client may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>The broker is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>The broker is busy; try again later.</summary>
    ServerBusy = 0x89,

    /// <summary>The client has been banned.</summary>
    Banned = 0x8A,

    /// <summary>The broker is shutting down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>The authentication method is not supported or not the agreed one.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>Nothing came for one and a half keep-alive intervals.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection uses the same client identifier now.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The topic filter is not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic name is not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>The packet identifier is in use already.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>The packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More unacknowledged messages were sent than the receiver allows.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>The topic alias is not valid.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>The packet is larger than the receiver allows.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A limit of the receiver is exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>Closed by an administrator.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not of the declared format.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>The broker keeps no retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The quality of service is not offered.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>Use another server from now on.</summary>
    ServerMoved = 0x9D,

    /// <summary>The broker offers no shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>The longest allowed connection time is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>The broker offers no subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>The broker offers no wildcard subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
