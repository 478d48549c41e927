namespace Mlops.Store.Segments;

/// <summary>
/// Knows who may be reading which state of the files. Whoever takes a lease before looking files up in the catalog finds them on the
/// disk as long as it holds the lease, also when they are superseded meanwhile. Thread-safe.
/// </summary>
internal sealed class FileLeases
{
    private readonly Lock _lock = new();
    private readonly SortedSet<long> _open = [];
    private long _next;

    /// <summary>Takes a lease on all files that are registered now.</summary>
    public IDisposable Take()
    {
        lock (_lock)
        {
            _open.Add(_next);
            return new Lease(this, _next++);
        }
    }

    /// <summary>Returns a mark; leases that exist now are before it.</summary>
    public long Mark()
    {
        lock (_lock)
            return _next++;
    }

    /// <summary>Tells whether every lease from before a mark has ended.</summary>
    public bool AreOver(long mark)
    {
        lock (_lock)
            return _open.Count == 0 || _open.Min > mark;
    }

    private sealed class Lease(FileLeases owner, long number) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
                owner._open.Remove(number);
        }
    }
}
