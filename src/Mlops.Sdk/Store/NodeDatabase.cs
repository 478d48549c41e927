using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Mlops.Hosting;

namespace Mlops.Store;

/// <summary>
/// Owns <c>mlops.db</c>: what the node remembers. One thread writes; whoever wants to write sends it a piece of work, and works
/// that wait together share one transaction and one fsync. Readers have connections of their own and see one snapshot each.
/// </summary>
/// <remarks>WAL with synchronous=FULL: a write whose task has completed survives a crash of the machine.</remarks>
internal sealed class NodeDatabase : IAsyncDisposable, IDisposable
{
    private const int MaxWorksPerTransaction = 64;
    private readonly BlockingCollection<NodeWork> _works = new(new ConcurrentQueue<NodeWork>(), 1024);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly FileStream _lock;
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private readonly string _path;
    private readonly TimeProvider _time;
    private volatile DatabaseTrouble? _trouble;
    private int _disposed;

    public NodeDatabase(IOptions<MlopsOptions> options, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Folder = options.Value.FullDataFolder;
        _lock = DataFolderLock.Take(Folder);
        try
        {
            _path = Path.Combine(Folder, "mlops.db");
            _writer = Open(readOnly: false);
            SchemaMigrations.Apply(_writer);
        }
        catch
        {
            _writer?.Dispose();
            _lock.Dispose();
            throw;
        }

        _thread = new Thread(WriteLoop) { Name = "mlops-store-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Gets the absolute path of the node's data folder.</summary>
    public string Folder { get; }

    /// <summary>Gets why the last transaction was refused by the disk; <see langword="null"/> once one was durable again.</summary>
    public DatabaseTrouble? Trouble => _trouble;

    /// <summary>Runs work on the writing connection inside a transaction.</summary>
    /// <param name="work">Runs on the writing thread.</param>
    /// <param name="committed">Runs on the writing thread once the transaction is durable, in the order of commits and before the task completes; it is quick and does not throw.</param>
    /// <param name="cancellationToken">Gives up before the work has begun.</param>
    /// <returns>Completes once the transaction is durable; fails alone when the work throws, and with the others when the disk refuses.</returns>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, Action<T>? committed, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var item = new NodeWork<T>(work, committed, cancellationToken);
        try
        {
            _works.Add(item, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(NodeDatabase));
        }

        return item.Task;
    }

    /// <summary>Runs work on the writing connection inside a transaction.</summary>
    /// <param name="work">Runs on the writing thread.</param>
    /// <param name="cancellationToken">Gives up before the work has begun.</param>
    /// <returns>Completes once the transaction is durable; fails alone when the work throws, and with the others when the disk refuses.</returns>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken = default) => WriteAsync(work, committed: null, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}(Func{SqliteConnection, T}, CancellationToken)"/>
    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken cancellationToken = default) => WriteAsync<bool>(
        connection =>
        {
            work(connection);
            return true;
        },
        cancellationToken);

    /// <summary>Returns a statement of the writing connection that stays prepared. Only for use inside a work.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
            _statements.Add(sql, statement = new SqliteStatement(_writer, sql));
        return statement;
    }

    /// <summary>Runs a read on a connection of its own; everything it sees is one snapshot.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (!_readers.TryTake(out SqliteConnection? connection))
            connection = Open(readOnly: true);
        try
        {
            connection.Run("BEGIN");
            T result = read(connection);
            connection.Run("COMMIT");
            _readers.Add(connection);
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _works.CompleteAdding();
        _thread.Join();
        foreach (SqliteConnection reader in _readers)
            reader.Dispose();
        foreach (SqliteStatement statement in _statements.Values)
            statement.Dispose();
        _writer.Dispose();
        _works.Dispose();
        _lock.Dispose();
    }

    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private SqliteConnection Open(bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            if (!readOnly)
            {
                connection.Run("PRAGMA journal_mode=WAL");
                connection.Run("PRAGMA synchronous=FULL");
                connection.Run("PRAGMA foreign_keys=ON");
                connection.Run("PRAGMA wal_autocheckpoint=4000");
            }

            connection.Run("PRAGMA busy_timeout=5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void WriteLoop()
    {
        var group = new List<NodeWork>(MaxWorksPerTransaction);
        foreach (NodeWork first in _works.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < MaxWorksPerTransaction && _works.TryTake(out NodeWork? next))
                group.Add(next);
            WriteGroup(group);
        }
    }

    private void WriteGroup(List<NodeWork> group)
    {
        try
        {
            Statement("BEGIN IMMEDIATE").Run();
            foreach (NodeWork work in group)
                Run(work);
            Statement("COMMIT").Run();
        }
        catch (Exception e)
        {
            // The disk refuses (full, read-only, broken): nothing of the group was kept and everybody hears it.
            TryRollback();
            Exception reason = e is SqliteException sqlite
                ? new IOException($"Writing to '{_path}' failed: {sqlite.Message} Free space or mend the disk; writing resumes by itself.", sqlite)
                : e;
            _trouble ??= new DatabaseTrouble(reason.Message, _time.GetUtcNow());
            foreach (NodeWork work in group)
                work.Fail(reason);
            return;
        }

        if (_trouble is not null)
            _trouble = null;
        foreach (NodeWork work in group)
            work.Complete();
    }

    private void Run(NodeWork work)
    {
        Statement("SAVEPOINT work").Run();
        try
        {
            work.Run(_writer);
            Statement("RELEASE work").Run();
        }
        catch (Exception e) when (e is not SqliteException sqlite || !IsOfTheDisk(sqlite))
        {
            // This work's own fault: the others of the group go on. SQLite has no transaction any more only if the disk failed.
            Statement("ROLLBACK TO work").Run();
            Statement("RELEASE work").Run();
            work.Failure = e;
        }
    }

    // Read-only, I/O error, corrupt, full, cannot open, not a database.
    private static bool IsOfTheDisk(SqliteException e) => e.SqliteErrorCode is 8 or 10 or 11 or 13 or 14 or 26;

    private void TryRollback()
    {
        try
        {
            Statement("ROLLBACK").Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself.
        }
    }
}
