using Mlops.Mqtt.Broker.Persistence;

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
    public bool TryTake(string clientId, BrokerConnection connection, bool cleanStart, TimeSpan expiry)
    {
        bool taken;
        lock (gate)
            taken = Take(clientId, connection, cleanStart, expiry);
        PublishDue();
        return taken;
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
                    Remove(session);
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

    private bool Take(string clientId, BrokerConnection connection, bool cleanStart, TimeSpan expiry)
    {
        if (sessions.TryGetValue(clientId, out var session))
        {
            session.Connection?.DisconnectTakenOver();
            // Without expiry a session ends with its connection, and that one has just been ended.
            if (cleanStart || session.Expiry == TimeSpan.Zero)
            {
                Remove(session);
                session = null;
            }
        }

        bool present = session is not null;
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
        if (ended)
            session.Journal?.RemoveSession();
        store?.LeaveUnit();
    }

    /// <summary>Notes a session with the will that it leaves, now or when its connection breaks.</summary>
    private void Note(BrokerSession session, BrokerConnection? connected)
    {
        if (session.Journal is not { } journal || sessions.GetValueOrDefault(session.ClientId) != session)
            return;
        journal.Put(new StoredSession(
            journal.Id,
            session.ClientId,
            session.Expiry.TotalSeconds,
            connected is null ? clock.ToWall(session.DisconnectedAt) : null,
            session.Queue.LastSent,
            connected is null ? session.Will?.UserName : connected.UserName,
            connected is null ? session.Will?.Message : connected.Will));
    }

    private void TakeWill(BrokerSession session)
    {
        if (session.Will is { } will)
            due.Enqueue(will);
        session.Will = null;
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
        }
    }
}
