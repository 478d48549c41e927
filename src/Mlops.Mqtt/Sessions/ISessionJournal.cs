using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Sessions;

/// <summary>Notes what changes in one session where it survives the process. Called under the locks of the session; never waits.</summary>
internal interface ISessionJournal
{
    /// <summary>Notes a delivery of QoS 1 or 2 and gives the place of the note.</summary>
    long Add(in Delivery delivery);

    /// <summary>Notes that the receiver has a QoS 2 message (PUBREC) and gives the place of the note.</summary>
    long Release(long sequence);

    /// <summary>Notes that a delivery is finished or given up.</summary>
    void Remove(long sequence);

    /// <summary>Notes that the peer has released the identifier of a QoS 2 message that it has sent.</summary>
    void ForgetReceived(ushort packetId);

    /// <summary>Tells whether a note is safe on the disk.</summary>
    bool IsCommitted(long place);

    /// <summary>Sends a packet as soon as all notes so far are safe on the disk.</summary>
    void SendAfterCommit(Outbox outbox, in OutboundPacket packet);
}
