using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>
/// Owns the node's DuckDB: an engine in memory that remembers nothing. It is opened by the first query and closed when none has
/// run for a while, so that an idle node does not pay for it. Thread-safe.
/// </summary>
internal sealed class QueryEngine : IDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private readonly Lock _lock = new();
    private readonly StoreOptions _options;
    private readonly ITimer _idle;
    private readonly string _dataFolder;
    private DuckDbDatabase? _database;
    private int _sessions;
    private bool _disposed;

    public QueryEngine(NodeDatabase node, IOptions<StoreOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _dataFolder = node.Folder;
        FeedsFolder = Path.Combine(_dataFolder, "feeds");
        _idle = time.CreateTimer(_ => CloseIfIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the folder of the Parquet files, the only one whose files queries can reach.</summary>
    public string FeedsFolder { get; }

    /// <summary>Gets who may be reading which files; each session has a lease.</summary>
    public FileLeases Leases { get; } = new();

    /// <summary>Gets a value indicating whether the engine is open now.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _database is not null;
        }
    }

    /// <summary>Tells whether the engine's memory is enough for so many columns of several files at once; else they are read one by one and never become one.</summary>
    public bool CanJoin(IReadOnlyList<FeedField> fields) => SegmentFile.JoinedBytesOf(fields) <= _options.QueryMemory.Bytes;

    /// <summary>Opens a session. Dispose it soon: the engine stays open as long as one is.</summary>
    /// <exception cref="DuckDbException">The engine could not be opened.</exception>
    public QuerySession Open()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _database ??= OpenDatabase();
            DuckDbConnection connection = _database.Connect();
            IDisposable lease = Leases.Take();
            _sessions++;
            return new QuerySession(connection, () => Closed(lease));
        }
    }

    /// <summary>Opens a session to write a file of a feed: where its columns take so much of the engine's memory that nothing else had room beside them, in an engine of its own.</summary>
    /// <exception cref="DuckDbException">The engine could not be opened.</exception>
    public QuerySession OpenToWrite(IReadOnlyList<FeedField> fields)
    {
        if (SegmentFile.BytesOf(fields) <= _options.QueryMemory.Bytes / 2)
            return Open();
        DuckDbDatabase alone = OpenDatabase();
        try
        {
            return new QuerySession(alone.Connect(), alone.Dispose);
        }
        catch
        {
            alone.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _database?.Dispose();
            _database = null;
        }

        _idle.Dispose();
    }

    private DuckDbDatabase OpenDatabase()
    {
        Directory.CreateDirectory(FeedsFolder);
        var database = DuckDbDatabase.OpenInMemory(new DuckDbOptions
        {
            MemoryLimitBytes = _options.QueryMemory.Bytes,
            Threads = _options.QueryThreads,
            TempFolder = Path.Combine(_dataFolder, "tmp"),
            AllowedFolders = { FeedsFolder },
        });
        using DuckDbConnection connection = database.Connect();
        // The allocator's thread gives memory back once a query is over, instead of keeping it for the next.
        connection.Execute("SET GLOBAL TimeZone = 'UTC'; SET GLOBAL allocator_background_threads = true; SET GLOBAL lock_configuration = true");
        return database;
    }

    private void Closed(IDisposable lease)
    {
        lease.Dispose();
        lock (_lock)
        {
            if (--_sessions == 0 && !_disposed)
                _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
        }
    }

    private void CloseIfIdle()
    {
        lock (_lock)
        {
            if (_sessions > 0)
                return;
            _database?.Dispose();
            _database = null;
        }

        FreeMemory.GiveBack();
    }
}
