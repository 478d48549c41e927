using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Puts back what the broker has kept from before a restart.</summary>
internal sealed class StateRestorer(
    SessionRegistry registry, RetainedMessages retained, Router router, MqttBrokerOptions options, TimeProvider time, WallClock clock)
{
    private readonly Dictionary<long, BrokerSession> sessions = [];

    public void Restore(StoredState state, Func<long, SessionJournal> journalOf, MqttBrokerCounters counters, ILogger logger)
    {
        foreach (var stored in state.Sessions)
            Restore(stored, new BrokerSession(stored.ClientId, options, counters, time, journalOf(stored.Id)));
        foreach (var (session, filter, granted, id) in state.Subscriptions)
        {
            var subscription = new Subscription(filter, sessions[session], null, granted, id);
            sessions[session].Subscriptions[filter] = subscription;
            router.Add(subscription);
        }

        var deliveries = state.Deliveries.ToLookup(delivery => delivery.Session);
        foreach (var stored in state.Sessions)
            Deliver(state, stored, deliveries[stored.Id]);
        foreach (var (session, packetId) in state.Received)
            sessions[session].Received.Restore(packetId);
        foreach (long id in state.Retained)
        {
            state.Messages[id].AddReference();
            retained.Restore(state.Messages[id]);
        }

        // What nobody refers to any more is forgotten with this.
        foreach (var message in state.Messages.Values)
            message.Release();
        Log.Restored(logger, sessions.Count, state.Deliveries.Count, state.Retained.Count);
    }

    private void Restore(StoredSession stored, BrokerSession session)
    {
        sessions.Add(stored.Id, session);
        session.Expiry = TimeSpan.FromSeconds(stored.ExpirySeconds);
        // The connections of a broker that has crashed end when it is back.
        session.DisconnectedAt = stored.DisconnectedAt is { } at ? clock.ToTimestamp(at) : time.GetTimestamp();
        session.Will = stored.Will is { } will ? new PendingWill(will, session, stored.UserName, null) : null;
    }

    private void Deliver(StoredState state, StoredSession stored, IEnumerable<StoredDelivery> deliveries)
    {
        var session = sessions[stored.Id];
        int inFlight = 0;
        foreach (var delivery in deliveries)
        {
            var message = delivery.Message is { } id ? state.Messages[id] : null;
            message?.AddReference();
            // After a crash nobody knows how far the sending was; what the client was never sent is marked as a repetition then.
            bool wasSent = message is null
                || (stored.DisconnectedAt is null ? ++inFlight <= options.MaxInFlightPerSession : delivery.Sequence <= stored.LastSent);
            session.Queue.Restore(
                new Delivery(message, delivery.Flags, delivery.SubscriptionIds, default)
                {
                    Sequence = delivery.Sequence,
                    IsReleased = message is null,
                    Group = delivery.SharedFilter is { } filter ? router.FindGroup(filter) : null,
                    Published = delivery.Published,
                },
                wasSent);
        }

        registry.Restore(session);
    }
}
