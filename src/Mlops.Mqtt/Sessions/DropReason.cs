namespace Mlops.Mqtt.Sessions;

/// <summary>Names why a message was given up.</summary>
internal enum DropReason
{
    /// <summary>Too many messages or bytes wait.</summary>
    QueueFull,

    /// <summary>It has expired while it waited.</summary>
    Expired,

    /// <summary>The receiver takes no packet of its size.</summary>
    TooLarge,

    /// <summary>None of those who share a subscription can take it.</summary>
    NoMember,

    /// <summary>It cannot be kept on the disk.</summary>
    NotStored,

    /// <summary>There is no connection, and nothing that would keep it.</summary>
    NotConnected,

    /// <summary>The broker has refused it.</summary>
    Refused,

    /// <summary>The broker does not offer its quality of service, or to retain it.</summary>
    NotOffered,
}
