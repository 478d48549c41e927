using Mlops.DuckDb;

namespace Mlops.Store.Queries;

/// <summary>A connection to the engine with temporary tables of its own, which end with it.</summary>
internal sealed class QuerySession(DuckDbConnection connection, Action closed) : IDisposable
{
    private int _disposed;

    public DuckDbConnection Connection => connection;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        connection.Dispose();
        closed();
    }
}
