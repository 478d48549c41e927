using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>The SQLite database of a broker, used by one thread at a time and by one process only.</summary>
internal sealed class BrokerDatabase : IDisposable
{
    private const string FileName = "mqtt.db";
    private const int Version = 1;
    private const int Busy = 5, Corrupt = 11, NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE sessions(id INTEGER PRIMARY KEY, client TEXT NOT NULL UNIQUE, expiry REAL NOT NULL, disconnected INTEGER, sent INTEGER NOT NULL,
            user TEXT, will_topic TEXT, will_flags INTEGER, will_delay INTEGER, will_properties BLOB, will_payload BLOB);
        CREATE TABLE subscriptions(session INTEGER, filter TEXT, options INTEGER NOT NULL, identifier INTEGER NOT NULL, PRIMARY KEY(session, filter)) WITHOUT ROWID;
        CREATE TABLE messages(id INTEGER PRIMARY KEY, topic TEXT NOT NULL, flags INTEGER NOT NULL, expires INTEGER, properties BLOB NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE deliveries(session INTEGER, sequence INTEGER, message INTEGER, flags INTEGER NOT NULL, subscriptions TEXT, share TEXT, published INTEGER NOT NULL,
            PRIMARY KEY(session, sequence)) WITHOUT ROWID;
        CREATE TABLE received(session INTEGER, packet INTEGER, PRIMARY KEY(session, packet)) WITHOUT ROWID;
        CREATE TABLE retained(topic TEXT PRIMARY KEY, message INTEGER NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """;

    /// <summary>Removes what was noted for a session or a message that had just been forgotten.</summary>
    private const string Orphans = """
        DELETE FROM subscriptions WHERE session NOT IN (SELECT id FROM sessions);
        DELETE FROM received WHERE session NOT IN (SELECT id FROM sessions);
        DELETE FROM deliveries WHERE session NOT IN (SELECT id FROM sessions)
            OR (message IS NOT NULL AND message NOT IN (SELECT id FROM messages));
        DELETE FROM retained WHERE message NOT IN (SELECT id FROM messages);
        """;

    private readonly SqliteConnection connection;
    private readonly WallClock clock;
    private readonly ChangeCommands commands;

    private BrokerDatabase(SqliteConnection connection, string file, WallClock clock)
    {
        this.connection = connection;
        this.clock = clock;
        File = file;
        commands = new ChangeCommands(connection, clock);
    }

    public string File { get; }

    /// <summary>Opens the database of a folder or makes one. A damaged one is set aside under another name.</summary>
    /// <exception cref="IOException">The folder cannot be used; the message names it.</exception>
    public static BrokerDatabase Open(string folder, long? maxBytes, WallClock clock, ILogger logger)
    {
        string file = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                return new BrokerDatabase(Connect(file, maxBytes), file, clock);
            }
            catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
            {
                string aside = SetAside(file, clock);
                Log.StoreDamaged(logger, file, error.Message, aside);
                return new BrokerDatabase(Connect(file, maxBytes), file, clock);
            }
        }
        catch (SqliteException error) when (error.SqliteErrorCode == Busy)
        {
            throw new IOException($"The MQTT broker cannot use '{file}': another process has it open. Stop that one, or set another DataFolder.", error);
        }
        catch (Exception error) when (error is SqliteException or UnauthorizedAccessException)
        {
            throw new IOException($"The MQTT broker cannot keep its sessions in '{file}': {error.Message}. Grant the right to write there, or set another DataFolder.", error);
        }
    }

    public StoredState Load()
    {
        Execute(connection, Orphans);
        return StateReader.Read(connection, clock);
    }

    /// <summary>Writes all changes, or none.</summary>
    /// <param name="changes">The changes in their order.</param>
    /// <param name="removeFirst">Whether what is removed makes room first, as there was none before.</param>
    public void Write(List<Change> changes, bool removeFirst)
    {
        using var transaction = connection.BeginTransaction();
        if (removeFirst)
        {
            foreach (var change in changes)
            {
                if (change.Kind is ChangeKind.RemoveDelivery or ChangeKind.RemoveMessage)
                    commands.Run(change, transaction);
            }
        }

        foreach (var change in changes)
            commands.Run(change, transaction);
        transaction.Commit();
    }

    public void Dispose()
    {
        commands.Dispose();
        connection.Dispose();
    }

    private static SqliteConnection Connect(string file, long? maxBytes)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            Execute(connection, "BEGIN IMMEDIATE; COMMIT;");
            if (Ask(connection, "PRAGMA quick_check(1)") is not "ok" and var problem)
                throw new SqliteException($"{problem}", Corrupt);
            long version = (long)Ask(connection, "PRAGMA user_version")!;
            if (version > Version)
                throw new IOException($"'{file}' is of version {version}, but this MQTT broker knows version {Version} at most. Use the newer program, or set another DataFolder.");
            if (version == 0)
                Execute(connection, $"BEGIN IMMEDIATE; {Schema} COMMIT;");
            if (maxBytes is { } most)
                Execute(connection, $"PRAGMA max_page_count = {Math.Max(1, most / (long)Ask(connection, "PRAGMA page_size")!)}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string SetAside(string file, WallClock clock)
    {
        string aside = $"{file}.damaged-{DateTimeOffset.FromUnixTimeMilliseconds(clock.Now).UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";
        for (int i = 2; System.IO.File.Exists(aside); i++)
            aside = $"{aside.Split('~')[0]}~{i}";
        System.IO.File.Move(file, aside);
        foreach (string more in new[] { "-wal", "-shm" })
        {
            if (System.IO.File.Exists(file + more))
                System.IO.File.Move(file + more, aside + more);
        }

        return aside;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
