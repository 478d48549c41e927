namespace Mlops.Mqtt.Sessions;

/// <summary>The QoS 2 messages of one session that were received and whose identifier is not released yet (MQTT 5, section 4.3.3).</summary>
/// <remarks>
/// A message is handed on when its PUBLISH first comes; its identifier stays here until PUBREL, over all connections of the session,
/// so that a repetition is recognised. Thread-safe. Never calls out while it holds its lock, but to the journal.
/// </remarks>
internal sealed class ReceivedIdentifiers(ISessionJournal? journal = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ushort, Entry> entries = [];
    private uint lastSerial;

    /// <summary>Enters an identifier; false when it is a repetition.</summary>
    /// <param name="packetId">The identifier.</param>
    /// <param name="owner">The order of the connection that it came on.</param>
    /// <param name="sequence">Its place there: for a repetition of a message that is still held, where the answer waits.</param>
    /// <param name="serial">Names this use of the identifier.</param>
    /// <param name="settled">For a repetition: whether it may be acknowledged at once.</param>
    public bool Begin(ushort packetId, AcknowledgementSequencer owner, long sequence, out uint serial, out bool settled)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(packetId, out var entry))
            {
                serial = ++lastSerial;
                settled = false;
                entries.Add(packetId, new Entry(serial, owner, false, null, 0));
                return true;
            }

            serial = entry.Serial;
            // On the same connection the order of the acknowledgements makes it wait for the first one.
            settled = entry.IsSettled || entry.Owner == owner;
            if (!settled)
                entries[packetId] = entry with { Waiter = owner, WaiterSequence = sequence };
            return false;
        }
    }

    /// <summary>Notes that nobody holds the message any more, and gives the connection on which a repetition waits for that.</summary>
    public (AcknowledgementSequencer? Waiter, long Sequence) Settle(ushort packetId, uint serial, bool refused)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(packetId, out var entry) || entry.Serial != serial)
                return default;
            // A PUBREC with a failure ends the exchange.
            if (refused)
                entries.Remove(packetId);
            else
                entries[packetId] = entry with { IsSettled = true, Waiter = null };
            return (entry.Waiter, entry.WaiterSequence);
        }
    }

    /// <summary>Forgets an identifier; false when there is none. <paramref name="owner"/> is the order of the connection it came on.</summary>
    public bool Release(ushort packetId, out AcknowledgementSequencer? owner)
    {
        lock (gate)
        {
            bool known = entries.Remove(packetId, out var entry);
            owner = entry.Owner;
            if (known)
                journal?.ForgetReceived(packetId);
            return known;
        }
    }

    /// <summary>Puts back an identifier from before a restart: its message was handed on.</summary>
    public void Restore(ushort packetId)
    {
        lock (gate)
            entries[packetId] = new Entry(++lastSerial, null, true, null, 0);
    }

    /// <summary>Forgets all, when the peer has begun a new session.</summary>
    public void Clear()
    {
        lock (gate)
            entries.Clear();
    }

    private readonly record struct Entry(
        uint Serial,
        AcknowledgementSequencer? Owner,
        bool IsSettled,
        AcknowledgementSequencer? Waiter,
        long WaiterSequence);
}
