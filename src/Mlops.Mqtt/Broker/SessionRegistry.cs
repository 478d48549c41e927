namespace Mlops.Mqtt.Broker;

/// <summary>All sessions by client identifier. The only place where a session changes hands.</summary>
internal sealed class SessionRegistry(MqttBrokerOptions options, MqttBrokerCounters counters, Router router, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, BrokerSession> sessions = new(StringComparer.Ordinal);

    /// <summary>Gives a session to a connection, and disconnects the one that has it; false when there are too many sessions.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="connection">Told under the lock, so that of two connections the later one gets the session for good.</param>
    /// <param name="cleanStart">Whether an older session is forgotten.</param>
    /// <param name="expiry">How long the session outlives the connection.</param>
    public bool TryTake(string clientId, BrokerConnection connection, bool cleanStart, TimeSpan expiry)
    {
        lock (gate)
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
                sessions.Add(clientId, session = new BrokerSession(clientId, options, counters));
                counters.AddSessions(1);
            }

            session.Expiry = expiry;
            session.Connection = connection;
            connection.Accept(session, present);
            return true;
        }
    }

    /// <summary>Takes a session from a connection that has ended, if it still had it.</summary>
    public void Release(BrokerSession session, BrokerConnection connection)
    {
        lock (gate)
        {
            session.Queue.Detach(connection);
            if (session.Connection != connection)
                return;
            session.Connection = null;
            session.DisconnectedAt = time.GetTimestamp();
            if (session.Expiry == TimeSpan.Zero)
                Remove(session);
        }
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

    public void RemoveExpired()
    {
        lock (gate)
        {
            foreach (var session in sessions.Values)
            {
                if (session.Connection is null && time.GetElapsedTime(session.DisconnectedAt) >= session.Expiry)
                    Remove(session);
            }
        }
    }

    private void Remove(BrokerSession session)
    {
        if (!sessions.Remove(session.ClientId))
            return;
        session.Connection = null;
        foreach (var subscription in session.Subscriptions.Values)
            router.Remove(subscription);
        session.Subscriptions.Clear();
        session.Queue.Close(new MqttException("The session has ended."));
        counters.AddSessions(-1);
    }
}
