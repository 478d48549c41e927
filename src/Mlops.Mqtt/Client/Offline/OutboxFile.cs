using Microsoft.Data.Sqlite;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client.Offline;

/// <summary>The file of an outbox: one row for each message, durable with the commit (WAL, synchronous=FULL).</summary>
/// <remarks>One writes and one reads, each on a connection of its own. A lock beside the file keeps other clients out.</remarks>
internal sealed class OutboxFile : IDisposable
{
    private const int Format = 1;

    private readonly string path;
    private readonly FileStream owner;
    private readonly SqliteConnection writer;
    private readonly SqliteConnection reader;

    /// <exception cref="IOException">The file cannot be used; the message says why.</exception>
    public OutboxFile(string file)
    {
        path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            owner = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException error)
        {
            throw new IOException($"The outbox '{path}' is in use by another client. Give each client a file of its own.", error);
        }

        try
        {
            writer = Open();
            Prepare();
            reader = Open();
        }
        catch (Exception error) when (error is SqliteException or IOException)
        {
            writer?.Dispose();
            owner.Dispose();
            throw error as IOException ?? new IOException($"The outbox '{path}' cannot be used: {error.Message}. Correct the path, or move the file away, and what it keeps with it.", error);
        }
    }

    /// <summary>Lists what the file keeps: positions and sizes, in their order.</summary>
    public IEnumerable<(long Position, int Length)> List()
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT position, length(CAST(topic AS BLOB)) + length(payload) + coalesce(length(properties), 0) FROM outbox ORDER BY position";
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return (rows.GetInt64(0), rows.GetInt32(1));
    }

    /// <summary>Makes it all durable, together or not at all.</summary>
    /// <param name="added">What is new.</param>
    /// <param name="sentTo">The last position that is not needed any more, nor those before it.</param>
    /// <param name="dropped">Further positions that are not needed any more.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Commit(IReadOnlyList<KeptPublish> added, long sentTo, IReadOnlyList<long> dropped)
    {
        try
        {
            using var transaction = writer.BeginTransaction();
            if (added.Count > 0)
                Insert(added);
            using var delete = writer.CreateCommand();
            delete.CommandText = "DELETE FROM outbox WHERE position <= $position";
            var position = delete.Parameters.AddWithValue("$position", sentTo);
            delete.ExecuteNonQuery();
            delete.CommandText = "DELETE FROM outbox WHERE position = $position";
            foreach (long one in dropped)
            {
                position.Value = one;
                delete.ExecuteNonQuery();
            }

            transaction.Commit();
        }
        catch (SqliteException error)
        {
            throw new IOException($"The outbox '{path}' could not be written: {error.Message}. Free space or mend the disk.", error);
        }
    }

    /// <summary>Reads the messages from one position to another.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public List<KeptPublish> Read(long from, long to)
    {
        try
        {
            List<KeptPublish> found = [];
            using var command = reader.CreateCommand();
            command.CommandText = "SELECT position, topic, payload, flags, properties, expires FROM outbox WHERE position BETWEEN $from AND $to ORDER BY position";
            command.Parameters.AddWithValue("$from", from);
            command.Parameters.AddWithValue("$to", to);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                found.Add(new KeptPublish(
                    rows.GetInt64(0),
                    rows.GetString(1),
                    rows.GetFieldValue<byte[]>(2),
                    rows.GetByte(3),
                    rows.IsDBNull(4) ? null : rows.GetFieldValue<byte[]>(4),
                    rows.IsDBNull(5) ? MessageClock.Never : rows.GetInt64(5)));
            }

            return found;
        }
        catch (SqliteException error)
        {
            throw new IOException($"The outbox '{path}' could not be read: {error.Message}. Mend the disk, or move the file away.", error);
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
        owner.Dispose();
    }

    private void Insert(IReadOnlyList<KeptPublish> added)
    {
        using var insert = writer.CreateCommand();
        insert.CommandText = "INSERT INTO outbox (position, topic, payload, flags, properties, expires) VALUES ($position, $topic, $payload, $flags, $properties, $expires)";
        string[] names = ["$position", "$topic", "$payload", "$flags", "$properties", "$expires"];
        foreach (string name in names)
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        foreach (var one in added)
        {
            object[] values = [one.Position, one.Topic, one.Payload, (long)one.Flags, (object?)one.Properties ?? DBNull.Value, one.ExpiresAt == MessageClock.Never ? DBNull.Value : one.ExpiresAt];
            for (int i = 0; i < values.Length; i++)
                insert.Parameters[i].Value = values[i];
            insert.ExecuteNonQuery();
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000");
        return connection;
    }

    private void Prepare()
    {
        using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long format = (long)command.ExecuteScalar()!;
        if (format > Format)
            throw new IOException($"The outbox '{path}' has format {format}, which a newer version has written; this one knows {Format}. Use that version, or another file.");
        Run(
            writer,
            $"CREATE TABLE IF NOT EXISTS outbox (position INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, flags INTEGER NOT NULL, properties BLOB, expires INTEGER) STRICT; PRAGMA user_version={Format}");
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
