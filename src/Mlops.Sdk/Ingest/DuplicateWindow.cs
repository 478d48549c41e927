using System.Runtime.InteropServices;

namespace Mlops.Ingest;

/// <summary>
/// Remembers the newest records of a feed by what their sender numbered them with, so that a message sent twice is stored once.
/// Exact: two records are the same only if all four parts are. Grows with use up to its bound. Not thread-safe.
/// </summary>
internal sealed class DuplicateWindow(int capacity)
{
    /// <summary>The hash version of records read back from the store, which does not keep it: equals any.</summary>
    public const long UnknownHash = long.MinValue;

    /// <summary>The hash version of messages that carry none.</summary>
    public const long NoHash = long.MinValue + 1;

    private const int SmallestTable = 64;
    private Entry[] _entries = [];
    private int[] _buckets = [];
    private int _oldest;

    public int Count { get; private set; }

    /// <summary>Tells whether a record was seen before.</summary>
    public bool Contains(long hash, long sequence, long recordSequence, long timestamp)
    {
        if (Count == 0)
            return false;
        for (int i = _buckets[Bucket(sequence, recordSequence, timestamp)] - 1; i >= 0; i = _entries[i].Next)
        {
            ref readonly Entry entry = ref _entries[i];
            if (entry.Sequence == sequence && entry.RecordSequence == recordSequence && entry.Timestamp == timestamp
                && (entry.Hash == hash || entry.Hash == UnknownHash))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers a record; the oldest one is forgotten when the window is full.</summary>
    public void Add(long hash, long sequence, long recordSequence, long timestamp)
    {
        if (capacity == 0)
            return;
        if (Count == _entries.Length && Count < capacity)
            Grow(Math.Min(capacity, Math.Max(SmallestTable, Count * 2)));
        int slot;
        if (Count == _entries.Length)
        {
            slot = _oldest;
            Unlink(slot);
            _oldest = (_oldest + 1) % _entries.Length;
        }
        else
        {
            slot = Count++;
        }

        _entries[slot] = new Entry { Hash = hash, Sequence = sequence, RecordSequence = recordSequence, Timestamp = timestamp };
        Link(slot);
    }

    private void Grow(int size)
    {
        // The window only wraps around once it has its full size, so the entries are still in order here.
        Array.Resize(ref _entries, size);
        _buckets = new int[size];
        for (int i = 0; i < Count; i++)
            Link(i);
    }

    private void Link(int slot)
    {
        ref Entry entry = ref _entries[slot];
        ref int bucket = ref _buckets[Bucket(entry.Sequence, entry.RecordSequence, entry.Timestamp)];
        entry.Next = bucket - 1;
        bucket = slot + 1;
    }

    private void Unlink(int slot)
    {
        ref readonly Entry entry = ref _entries[slot];
        ref int bucket = ref _buckets[Bucket(entry.Sequence, entry.RecordSequence, entry.Timestamp)];
        if (bucket - 1 == slot)
        {
            bucket = entry.Next + 1;
            return;
        }

        int i = bucket - 1;
        while (_entries[i].Next != slot)
            i = _entries[i].Next;
        _entries[i].Next = entry.Next;
    }

    private int Bucket(long sequence, long recordSequence, long timestamp)
    {
        ulong mixed = ((ulong)sequence * 0x9E3779B97F4A7C15) ^ ((ulong)recordSequence * 0xC2B2AE3D27D4EB4F) ^ ((ulong)timestamp * 0x165667B19E3779F9);
        return (int)((mixed ^ (mixed >> 32)) % (uint)_buckets.Length);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public long Hash;
        public long Sequence;
        public long RecordSequence;
        public long Timestamp;
        public int Next;
    }
}
