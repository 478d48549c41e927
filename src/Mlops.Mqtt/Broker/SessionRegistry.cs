using Mlops.Mqtt.Broker.Persistence;
using Mlops.Mqtt.Broker.Statistics;

namespace Mlops.Mqtt.Broker;

/// <summary>All sessions by client identifier. The only place where a session changes hands, and where wills become due.</summary>
internal sealed class SessionRegistry(
    MqttBrokerOptions options, MqttBrokerCounters counters, Router router, Action<PendingWill> publishWill, TimeProvider time, BrokerStore? store = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, BrokerSession> sessions = new(StringComparer.Ordinal);

    /// <summary>Wills that have become due under the lock and are published outside of it.</summary>
    private readonly Queue<PendingWill> due = new();

    private readonly WallClock clock = new(time);

    /// <summary>Gives a session to a connection, and disconnects the one that has it; false when there are too many sessions.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="connection">Told under the lock, so that of two connections the later one gets the session for good.</param>
    /// <param name="cleanStart">Whether an older session is forgotten.</param>
    /// <param name="expiry">How long the session outlives the connection.</param>
    /// <param name="isNoted">Whether the answer to the client has to wait for the disk.</param>
    public bool TryTake(string clientId, BrokerConnection connection, bool cleanStart, TimeSpan expiry, out bool isNoted)
    {
        // The will of a session that ends now is published before the new session takes its place on the disk.
        lock (gate)
            isNoted = EndOlder(clientId, connection, cleanStart);
        PublishDue();
        bool taken;
        lock (gate)
        {
            isNoted |= EndOlder(clientId, connection, cleanStart);
            taken = Take(clientId, connection, expiry);
            isNoted |= sessions.GetValueOrDefault(clientId)?.Journal is not null;
        }

        PublishDue();
        return taken;
    }

    /// <summary>Ends a session that a connection was given and that cannot be kept, unless the connection has lost it.</summary>
    public void Abandon(BrokerSession session, BrokerConnection connection)
    {
        Change(session, connection, () => Remove(session));
        PublishDue();
    }

    /// <summary>Takes a session from a connection that has ended, if it still had it, and decides about the will that it left.</summary>
    public void Release(BrokerSession session, BrokerConnection connection, PendingWill? will)
    {
        lock (gate)
        {
            session.Queue.Detach(connection);
            if (session.Connection == connection)
            {
                session.Connection = null;
                session.DisconnectedAt = time.GetTimestamp();
                session.Will = will;
                if (session.Expiry == TimeSpan.Zero)
                    Remove(session);
                else if (will?.Message.DelaySeconds == 0)
                    TakeWill(session);
                if (session.Expiry > TimeSpan.Zero)
                    PassOn(session, ended: false);
                Note(session, connected: null);
            }
            else if (will is not null && (will.Message.DelaySeconds == 0 || sessions.GetValueOrDefault(session.ClientId) != session))
            {
                // Taken over: with a delay the client is back in time, unless its session has ended (MQTT 5, section 3.1.3.2.2).
                due.Enqueue(will);
            }
        }

        PublishDue();
    }

    /// <summary>Runs a change of the session's subscriptions unless the connection has lost it.</summary>
    public bool Change(BrokerSession session, BrokerConnection connection, Action change)
    {
        lock (gate)
        {
            if (session.Connection != connection)
                return false;
            change();
            return true;
        }
    }

    /// <summary>Finds the connection of a client, or null.</summary>
    public BrokerConnection? FindConnection(string clientId)
    {
        lock (gate)
            return sessions.GetValueOrDefault(clientId)?.Connection;
    }

    /// <summary>Counts the sessions and what they hold.</summary>
    public BrokerFigures Measure()
    {
        var sum = default(BrokerFigures);
        lock (gate)
        {
            foreach (var session in sessions.Values)
            {
                bool isConnected = session.Connection is not null;
                var (waiting, inFlight, bytes) = session.Queue.Size;
                sum = sum with
                {
                    Connected = sum.Connected + (isConnected ? 1 : 0),
                    Away = sum.Away + (isConnected ? 0 : 1),
                    Queued = sum.Queued + waiting,
                    InFlight = sum.InFlight + inFlight,
                    QueuedBytes = sum.QueuedBytes + bytes,
                    Subscriptions = sum.Subscriptions + session.Subscriptions.Count,
                    SharedSubscriptions = sum.SharedSubscriptions + session.Subscriptions.Values.Count(subscription => subscription.IsShared),
                };
            }
        }

        return sum;
    }

    /// <summary>Puts back a session from before a restart.</summary>
    public void Restore(BrokerSession session)
    {
        lock (gate)
        {
            Add(session);
            Note(session, connected: null);
        }
    }

    /// <summary>Changes how long a session outlives the connection, unless that has lost it.</summary>
    public void SetExpiry(BrokerSession session, BrokerConnection connection, TimeSpan expiry) => Change(session, connection, () =>
    {
        session.Expiry = expiry;
        Note(session, connection);
    });

    public void RemoveExpired()
    {
        lock (gate)
        {
            foreach (var session in sessions.Values)
            {
                if (session.Connection is not null)
                    continue;
                var away = time.GetElapsedTime(session.DisconnectedAt);
                if (away >= session.Expiry)
                {
                    counters.CountExpired();
                    Remove(session);
                }
                else if (session.Will is { } will && away.TotalSeconds >= will.Message.DelaySeconds)
                {
                    TakeWill(session);
                    Note(session, connected: null);
                }

                session.Queue.RemoveExpired();
            }
        }

        PublishDue();
    }

    /// <summary>Ends a session that is not to be resumed, and its connection; tells whether it was on the disk.</summary>
    private bool EndOlder(string clientId, BrokerConnection newer, bool cleanStart)
    {
        // Without expiry a session ends with its connection, which is ended here.
        if (!sessions.TryGetValue(clientId, out var session) || (!cleanStart && session.Expiry > TimeSpan.Zero))
            return false;
        session.Connection?.DisconnectTakenOver(newer);
        Remove(session);
        return session.Journal is not null;
    }

    private bool Take(string clientId, BrokerConnection connection, TimeSpan expiry)
    {
        var session = sessions.GetValueOrDefault(clientId);
        bool present = session is not null;
        session?.Connection?.DisconnectTakenOver(connection);
        if (session is null)
        {
            bool isKept = store is not null && expiry > TimeSpan.Zero;
            if (sessions.Count >= options.MaxSessions || (isKept && store!.IsFailing))
                return false;
            Add(session = new BrokerSession(clientId, options, counters, time, isKept ? store!.AddSession() : null));
        }

        session.Will = null;
        session.Expiry = expiry;
        session.Connection = connection;
        Note(session, connection);
        connection.Accept(session, present);
        return true;
    }

    private void Remove(BrokerSession session)
    {
        if (!sessions.Remove(session.ClientId))
            return;
        session.Connection = null;
        TakeWill(session);
        foreach (var subscription in session.Subscriptions.Values)
            router.Remove(subscription);
        session.Subscriptions.Clear();
        PassOn(session, ended: true);
        session.Queue.Close(new MqttException("The session has ended."));
        counters.AddSessions(-1);
    }

    private void Add(BrokerSession session)
    {
        session.Journal?.Belongs(session);
        sessions.Add(session.ClientId, session);
        counters.AddSessions(1);
    }

    /// <summary>Hands on what waits for a session through shared subscriptions, and forgets one that has ended; on the disk at once.</summary>
    private void PassOn(BrokerSession session, bool ended)
    {
        store?.EnterUnit();
        session.PassOn(ended);
        // With a will that is not published yet, the session stays on the disk until it is.
        if (ended && session.DueWill is null)
            session.Journal?.RemoveSession();
        store?.LeaveUnit();
    }

    /// <summary>Notes a session with the will that it leaves, now or when its connection breaks.</summary>
    private void Note(BrokerSession session, BrokerConnection? connected)
    {
        if (session.Journal is not { } journal || sessions.GetValueOrDefault(session.ClientId) != session)
            return;
        var left = session.Will ?? session.DueWill;
        journal.Put(new StoredSession(
            journal.Id,
            session.ClientId,
            session.Expiry.TotalSeconds,
            connected is null ? clock.ToWall(session.DisconnectedAt) : null,
            session.Queue.LastSent,
            connected is null ? left?.UserName : connected.UserName,
            connected is null ? left?.Message : connected.Will));
    }

    private void TakeWill(BrokerSession session)
    {
        if (session.Will is not { } will)
            return;
        due.Enqueue(will);
        (session.Will, session.DueWill) = (null, will);
    }

    private void PublishDue()
    {
        while (true)
        {
            PendingWill? will;
            lock (gate)
            {
                if (!due.TryDequeue(out will))
                    return;
            }

            publishWill(will);
            lock (gate)
                ForgetPublished(will);
        }
    }

    /// <summary>Forgets a will on the disk behind what its publication has left there: after a crash in between it is published again.</summary>
    private void ForgetPublished(PendingWill will)
    {
        var session = will.Session;
        if (!ReferenceEquals(session.DueWill, will))
            return;
        session.DueWill = null;
        if (sessions.GetValueOrDefault(session.ClientId) == session)
            Note(session, session.Connection);
        else
            session.Journal?.RemoveSession();
    }
}
