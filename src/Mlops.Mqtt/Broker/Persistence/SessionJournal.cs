using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Notes what changes in one session of the broker.</summary>
internal sealed class SessionJournal(BrokerStore store, long id) : ISessionJournal
{
    private BrokerSession? session;

    public long Id { get; } = id;

    /// <summary>Whether the disk takes nothing at the moment.</summary>
    public bool IsFailing => store.IsFailing;

    /// <summary>The session, which is told when what waits for the disk may be sent.</summary>
    public void Belongs(BrokerSession to) => session = to;

    public void Put(StoredSession row) => store.Append(new Change(ChangeKind.PutSession, Id, Detail: row));

    public void RemoveSession() => store.Append(new Change(ChangeKind.RemoveSession, Id));

    public void Put(Subscription subscription) => store.Append(new Change(ChangeKind.PutSubscription, Id, Detail: subscription));

    public void RemoveSubscription(string filter) => store.Append(new Change(ChangeKind.RemoveSubscription, Id, Text: filter));

    public void AddReceived(ushort packetId) => store.Append(new Change(ChangeKind.AddReceived, Id, packetId));

    public void ForgetReceived(ushort packetId) => store.Append(new Change(ChangeKind.RemoveReceived, Id, packetId));

    public long Add(in Delivery delivery) => store.Append(Id, delivery, session);

    public long Release(long sequence) => store.Append(new Change(ChangeKind.ReleaseDelivery, Id, sequence), session);

    public void Remove(long sequence) => store.Append(new Change(ChangeKind.RemoveDelivery, Id, sequence));

    public bool IsCommitted(long place) => store.IsCommitted(place);

    public void SendAfterCommit(Outbox outbox, in OutboundPacket packet) => store.AfterCommit(new CommitWaiter { Outbox = outbox, Packet = packet });
}
