namespace Mlops.Mqtt.Broker;

/// <summary>All sessions by client identifier. The only place where a session changes hands, and where wills become due.</summary>
internal sealed class SessionRegistry(
    MqttBrokerOptions options, MqttBrokerCounters counters, Router router, Action<PendingWill> publishWill, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, BrokerSession> sessions = new(StringComparer.Ordinal);

    /// <summary>Wills that have become due under the lock and are published outside of it.</summary>
    private readonly Queue<PendingWill> due = new();

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
                    session.PassOn(ended: false);
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
                    TakeWill(session);
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
            if (sessions.Count >= options.MaxSessions)
                return false;
            sessions.Add(clientId, session = new BrokerSession(clientId, options, counters, time));
            counters.AddSessions(1);
        }

        session.Will = null;
        session.Expiry = expiry;
        session.Connection = connection;
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
        session.PassOn(ended: true);
        session.Queue.Close(new MqttException("The session has ended."));
        counters.AddSessions(-1);
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
