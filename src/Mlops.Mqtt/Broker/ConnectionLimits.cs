using System.Net;

namespace Mlops.Mqtt.Broker;

/// <summary>Bounds the connections of a broker, in all and for each address. Thread-safe.</summary>
/// <remarks>
/// When all places are taken, the address with the most connections that have not sent CONNECT loses the oldest of them. So whoever opens
/// connections and says nothing keeps out neither others nor, as CONNECT follows the opening at once, clients at its own address.
/// </remarks>
internal sealed class ConnectionLimits(int maximum, int? maximumOfAddress)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> taken = [];
    private readonly Dictionary<IPAddress, LinkedList<ConnectionSlot>> opening = [];
    private int count;

    /// <summary>Takes a place; false when there is none.</summary>
    /// <param name="slot">Who takes it.</param>
    /// <param name="evicted">Who had to leave for it and is to be ended, or null.</param>
    public bool TryEnter(ConnectionSlot slot, out ConnectionSlot? evicted)
    {
        lock (gate)
        {
            evicted = null;
            int ofAddress = taken.GetValueOrDefault(slot.Address);
            if (ofAddress >= maximumOfAddress)
                return false;
            if (count >= maximum)
            {
                evicted = FindEvicted();
                if (evicted is null)
                    return false;
                Remove(evicted);
            }

            slot.IsTaken = true;
            count++;
            taken[slot.Address] = taken.GetValueOrDefault(slot.Address) + 1;
            if (!opening.TryGetValue(slot.Address, out var list))
                opening.Add(slot.Address, list = []);
            slot.Opening = list.AddLast(slot);
            return true;
        }
    }

    /// <summary>Says that the client of a place was accepted, which gives it the place until it leaves.</summary>
    public void Accept(ConnectionSlot slot)
    {
        lock (gate)
            RemoveOpening(slot);
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(ConnectionSlot slot)
    {
        lock (gate)
            Remove(slot);
    }

    private ConnectionSlot? FindEvicted()
    {
        LinkedList<ConnectionSlot>? most = null;
        foreach (var list in opening.Values)
        {
            if (list.Count > (most?.Count ?? 1))
                most = list;
        }

        return most?.First!.Value;
    }

    private void Remove(ConnectionSlot slot)
    {
        if (!slot.IsTaken)
            return;
        slot.IsTaken = false;
        count--;
        if (--taken[slot.Address] == 0)
            taken.Remove(slot.Address);
        RemoveOpening(slot);
    }

    private void RemoveOpening(ConnectionSlot slot)
    {
        if (slot.Opening is not { List: { } list } node)
            return;
        list.Remove(node);
        slot.Opening = null;
        if (list.Count == 0)
            opening.Remove(slot.Address);
    }
}
