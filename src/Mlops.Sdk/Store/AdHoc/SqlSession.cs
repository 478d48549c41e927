using System.Globalization;
using Microsoft.Data.Sqlite;
using Mlops.DuckDb;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <summary>
/// An engine for one statement. It may open the Parquet files of the feeds that the statement names and no other file, its settings are
/// locked, its memory is its own, and it ends with the statement.
/// </summary>
internal sealed class SqlSession : IDisposable
{
    private static int _number;
    private readonly DuckDbDatabase _database;
    private readonly string _tempFolder;
    private readonly IDisposable _lease;

    private SqlSession(DuckDbDatabase database, string tempFolder, IDisposable lease)
    {
        _database = database;
        _tempFolder = tempFolder;
        _lease = lease;
        Connection = database.Connect();
    }

    public DuckDbConnection Connection { get; }

    /// <summary>Opens an engine with the tables.</summary>
    public static SqlSession Open(NodeDatabase catalog, QueryEngine engine, SqlOptions options, int threads, IReadOnlyList<FeedTable> tables)
    {
        // Before the catalog is read: the files that it names stay until the session ends.
        IDisposable lease = engine.Leases.Take();
        try
        {
            return catalog.Read(rows => Open(catalog, engine.FeedsFolder, lease, rows, options, threads, tables));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Connection.Dispose();
        _database.Dispose();
        _lease.Dispose();
        FreeMemory.GiveBack();
        if (Directory.Exists(_tempFolder))
            Directory.Delete(_tempFolder, recursive: true);
    }

    private static SqlSession Open(NodeDatabase catalog, string feedsFolder, IDisposable lease, SqliteConnection rows, SqlOptions options, int threads, IReadOnlyList<FeedTable> tables)
    {
        var settings = new DuckDbOptions
        {
            MemoryLimitBytes = options.Memory.Bytes,
            Threads = threads,
            TempFolder = Path.Combine(catalog.Folder, "tmp", string.Create(CultureInfo.InvariantCulture, $"sql-{Interlocked.Increment(ref _number)}")),
            MaxTempBytes = options.Spill.Bytes,
        };
        foreach (FeedSource source in tables.SelectMany(t => t.Sources))
        {
            source.Find(rows);
            foreach (Segments.Segment segment in source.Segments)
                settings.AllowedFiles.Add(Path.Combine(feedsFolder, segment.Path));
        }

        // Its parent is swept at the next start, whatever happens.
        Directory.CreateDirectory(Path.GetDirectoryName(settings.TempFolder)!);
        var session = new SqlSession(DuckDbDatabase.OpenInMemory(settings), settings.TempFolder, lease);
        try
        {
            session.Connection.Execute("SET GLOBAL TimeZone = 'UTC'; SET GLOBAL lock_configuration = true");
            int number = 0;
            foreach (FeedTable table in tables)
            {
                string[] sources = [.. table.Sources.Select(s => s.Load(rows, session.Connection, feedsFolder, string.Create(CultureInfo.InvariantCulture, $"_log_{++number}")))];
                session.Connection.Execute($"CREATE TEMP VIEW {Sql.Identifier(table.Name)} AS {table.Select(sources)}");
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
